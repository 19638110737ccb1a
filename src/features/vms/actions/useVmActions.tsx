import { useTranslation } from 'react-i18next';

import { useAccesses } from '~/api/access';
import { useServedOf } from '~/api/discovery';
import { vmDo, vmEdit, vmGet, vmTask } from '~/api/vms';
import { useNavigate, vmHref } from '~/console/navigation';
import type { AccessQuery } from '~/k8s/AccessReviews';
import { toFailure } from '~/k8s/errors';
import { type CallTarget, callTargets, sshCommand } from '~/kubevirt/vmCall';
import { type VmAction, vmCan } from '~/kubevirt/vmCan';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { patchProtection } from '~/kubevirt/vmPatches';
import type { MenuAction } from '~/ui/ActionMenu';
import { dialogOpen } from '~/ui/dialogs';
import { toastAdd } from '~/ui/toasts';

import { DeleteDialog } from './DeleteDialog';
import { GroupDialog, MetadataDialog, RunStrategyDialog } from './EditDialogs';
import { PowerDialog } from './PowerDialog';
import { powerTask } from './runAction';
import { type PowerAction, useActionTexts } from './useActionTexts';

/** Where the actions are offered. */
export interface VmActionPlace {
  /** The console is on the screen already. */
  showsConsole?: boolean;
  /** Called once the cluster has taken the deletion. */
  onDeleted?: () => void;
}

export type VmActionItem = MenuAction & { id: string };

const targets: Readonly<Record<VmAction, CallTarget>> = callTargets;

/** Rights by action, asked for exactly as the API server will check them. */
function queriesFor(namespace: string): Record<VmAction, AccessQuery> {
  const query = ({ model, subresource, verb }: CallTarget): AccessQuery => ({
    verb,
    group: model.group,
    resource: model.plural,
    subresource,
    namespace,
  });
  return {
    start: query(targets.start),
    startPaused: query(targets.startPaused),
    stop: query(targets.stop),
    forceStop: query(targets.forceStop),
    restart: query(targets.restart),
    pause: query(targets.pause),
    unpause: query(targets.unpause),
    reset: query(targets.reset),
    softReboot: query(targets.softReboot),
    migrate: query(targets.migrate),
    cancelMigration: query(targets.cancelMigration),
    edit: query(targets.edit),
    delete: query(targets.delete),
    openConsole: query(targets.openConsole),
    copySsh: query(targets.copySsh),
  };
}

/** Why an action cannot be had: state, right, or a cluster that does not offer it; undefined when it can. */
function useDisabledReason(vm: VmListRow): (action: VmAction) => string | undefined {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace } = vm;
  const access = useAccesses(queriesFor(namespace));
  const isServed = useServedOf(Object.values(targets).map(({ model }) => model));
  return (action) => {
    const { model, subresource } = targets[action];
    if (!isServed(model, subresource)) return t('This cluster does not offer it.');
    const verdict = vmCan(action, vm);
    if (!verdict.allowed) {
      return [t(verdict.reason), verdict.detail].filter(Boolean).join(' ');
    }
    const { allowed, loading, reason } = access(action);
    if (loading || allowed) return undefined;
    const denied = t('You are not allowed to do this in project {{namespace}}.', { namespace });
    return reason === undefined ? denied : `${denied} ${reason}`;
  };
}

/**
 * What can be done with a VM: labels, reasons why not, and the calls. Those that end something ask
 * first. Every one reports its outcome.
 */
export function useVmActions(vm: VmListRow, place: VmActionPlace = {}): readonly VmActionItem[] {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const texts = useActionTexts();
  const disabledReason = useDisabledReason(vm);
  const { name } = vm;
  const vms = [vm];

  const item = (
    id: string,
    action: VmAction,
    label: string,
    run: () => void,
    startsGroup = false,
  ): VmActionItem => ({
    id,
    label,
    disabledReason: disabledReason(action),
    run,
    startsGroup,
  });

  const atOnce = async (action: PowerAction) => {
    const { label, done, failed } = texts[action];
    try {
      await vmDo(label, powerTask(vm, action));
      toastAdd({ tone: 'success', title: done(name) });
    } catch (error) {
      toastAdd({ tone: 'danger', title: failed(name), detail: toFailure(error).detail });
    }
  };
  const power = (action: PowerAction, startsGroup = false) =>
    item(
      action,
      action,
      texts[action].label,
      () => {
        if (texts[action].question === undefined) void atOnce(action);
        else dialogOpen((close) => <PowerDialog vms={vms} action={action} onClose={close} />);
      },
      startsGroup,
    );

  const protect = async () => {
    const isProtected = !vm.isProtected;
    const title = isProtected ? t('Protect from deletion') : t('Remove deletion protection');
    try {
      await vmDo(
        title,
        vmTask(
          vm,
          vmEdit((stored) => patchProtection(stored, isProtected)),
        ),
      );
      toastAdd({ tone: 'success', title: t('{{title}}: done', { title }) });
    } catch (error) {
      toastAdd({ tone: 'danger', title, detail: toFailure(error).detail });
    }
  };
  const copySsh = async () => {
    try {
      // It reads YAML: loaded when it is wanted.
      const [{ sshUser }, stored] = await Promise.all([import('~/kubevirt/sshUser'), vmGet(vm)]);
      const command = sshCommand(vm, sshUser(stored) ?? 'root');
      await navigator.clipboard.writeText(command);
      toastAdd({ tone: 'success', title: t('Copied'), detail: command });
    } catch (error) {
      // Browsers give the clipboard to secure pages only.
      toastAdd({
        tone: 'danger',
        title: t('It could not be copied'),
        detail: toFailure(error).detail,
      });
    }
  };

  return [
    ...(place.showsConsole === true
      ? []
      : [
          item(
            'openConsole',
            'openConsole',
            t('Open console'),
            () => void navigate(vmHref(vm, 'console')),
          ),
        ]),
    power('start', true),
    ...(vm.vmiPhase === undefined ? [power('startPaused')] : []),
    power('stop'),
    power('restart'),
    power(vm.status === 'Paused' ? 'unpause' : 'pause'),
    vm.status === 'Migrating' ? power('cancelMigration', true) : power('migrate', true),
    item('copySsh', 'copySsh', t('Copy SSH command'), () => void copySsh()),
    item(
      'labels',
      'edit',
      t('Edit labels and annotations'),
      () => dialogOpen((close) => <MetadataDialog vm={vm} onClose={close} />),
      true,
    ),
    item('group', 'edit', t('Move to group'), () =>
      dialogOpen((close) => <GroupDialog vms={vms} onClose={close} />),
    ),
    item('runStrategy', 'edit', t('Run strategy'), () =>
      dialogOpen((close) => <RunStrategyDialog vms={vms} onClose={close} />),
    ),
    item(
      'protect',
      'edit',
      vm.isProtected ? t('Remove deletion protection') : t('Protect from deletion'),
      () => void protect(),
    ),
    power('softReboot', true),
    power('reset'),
    power('forceStop'),
    {
      ...item(
        'delete',
        'delete',
        t('Delete'),
        () =>
          dialogOpen((close) => <DeleteDialog vm={vm} onClose={close} onDone={place.onDeleted} />),
        true,
      ),
      isDanger: true,
    },
  ];
}
