import { useTranslation } from 'react-i18next';

import { useAccesses } from '~/api/access';
import { useServedOf } from '~/api/discovery';
import { vmChangeTask, vmDo } from '~/api/vms';
import { resourceListHref, useNavigate, vmHref } from '~/console/navigation';
import type { AccessQuery } from '~/k8s/AccessReviews';
import { toFailure } from '~/k8s/errors';
import { vmTemplates } from '~/k8s/models';
import {
  callTarget,
  callTargets,
  type KubernetesCall,
  sshCommand,
  vmCall,
  type VmRef,
} from '~/kubevirt/vmCall';
import { type VmAction, vmCan } from '~/kubevirt/vmCan';
import type { VmListRow } from '~/kubevirt/vmListRow';
import type { MenuAction } from '~/ui/ActionMenu';
import { dialogOpen } from '~/ui/dialogs';
import { textCopy } from '~/ui/textCopy';
import { toastAdd } from '~/ui/toasts';

import { DeleteDialog } from './DeleteDialog';
import { GroupDialog, MetadataDialog, RunStrategyDialog } from './EditDialogs';
import { cloneOpen, commandsOpen, copyOpen, exportOpen, memoryDumpOpen } from './lazyDialogs';
import { PowerDialog } from './PowerDialog';
import { powerTask } from './runAction';
import { type PowerAction, useActionTexts } from './useActionTexts';
import { sshUserGet } from './sshUserGet';
import { useRefusal } from './useRefusal';

/** Where the actions are offered. */
export interface VmActionPlace {
  /** The console is on the screen already. */
  showsConsole?: boolean;
  /** The server is asked before the click about what would be done at once. */
  asksBefore?: boolean;
  /** Called once the cluster has taken the deletion. */
  onDeleted?: () => void;
}

export type VmActionItem = MenuAction & {
  id: string;
  /** What is sent at the click, where no dialog stands between: the server can be asked about it before. */
  call?: KubernetesCall | undefined;
};

const ofInstances: ReadonlySet<string> = new Set([
  ...['openConsole', 'pause', 'unpause', 'migrate', 'cancelMigration', 'copySsh'],
  ...['softReboot', 'reset', 'commands', 'delete'],
]);

/** Whether an action, by its id, can be done to an instance without a VM: nothing would start it again. */
export function isOfInstances(id: string): boolean {
  return ofInstances.has(id);
}

/** Rights by action, asked for exactly as the API server will check them. */
function queriesFor(vm: VmRef): Record<VmAction, AccessQuery> {
  const query = (action: VmAction): AccessQuery => {
    const { model, subresource, verb } = callTarget(vm, action);
    const { group, plural: resource } = model;
    return { verb, group, resource, subresource, namespace: vm.namespace };
  };
  return {
    start: query('start'),
    startPaused: query('startPaused'),
    stop: query('stop'),
    forceStop: query('forceStop'),
    restart: query('restart'),
    pause: query('pause'),
    unpause: query('unpause'),
    reset: query('reset'),
    softReboot: query('softReboot'),
    migrate: query('migrate'),
    cancelMigration: query('cancelMigration'),
    edit: query('edit'),
    delete: query('delete'),
    openConsole: query('openConsole'),
    copySsh: query('copySsh'),
    clone: query('clone'),
    snapshot: query('snapshot'),
    export: query('export'),
    memoryDump: query('memoryDump'),
  };
}

/** Why an action cannot be had: state, right, or a cluster that does not offer it; undefined when it can. */
function useDisabledReason(vm: VmListRow): (action: VmAction) => string | undefined {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace } = vm;
  const access = useAccesses(queriesFor(vm));
  const isServed = useServedOf(Object.values(callTargets).map(({ model }) => model));
  return (action) => {
    const { model, subresource } = callTarget(vm, action);
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

/** Copies the command that logs in to the guest. */
function useCopySsh(vm: VmListRow): () => Promise<void> {
  const { t } = useTranslation('plugin__virtdeck');
  return async () => {
    const notCopied = t('The browser did not let it be copied');
    try {
      const command = sshCommand(vm, await sshUserGet(vm));
      await textCopy(command, { copied: t('Copied'), detail: command, notCopied });
    } catch (error) {
      // Who logs in there is not known.
      toastAdd({
        tone: 'danger',
        title: t('It could not be copied'),
        detail: toFailure(error).detail,
      });
    }
  };
}

/** What the server would refuse of that which is done at once, in its own words. */
function useMenuRefusals(vm: VmListRow, asks: boolean): Partial<Record<PowerAction, string>> {
  const callOf = (action: 'start' | 'pause' | 'unpause') =>
    asks && vmCan(action, vm).allowed ? vmCall(vm, { action }) : undefined;
  const start = useRefusal(callOf('start'));
  const pause = useRefusal(callOf('pause'));
  const unpause = useRefusal(callOf('unpause'));
  return {
    ...(start !== '' && { start }),
    ...(pause !== '' && { pause }),
    ...(unpause !== '' && { unpause }),
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
  const { namespace, name } = vm;
  const vms = [vm];
  const hasTemplates = useServedOf([vmTemplates])(vmTemplates);

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
  const refusals = useMenuRefusals(vm, place.asksBefore === true);
  const power = (action: PowerAction, startsGroup = false): VmActionItem => {
    const offered = item(
      action,
      action,
      texts[action].label,
      () => {
        if (texts[action].question === undefined) void atOnce(action);
        else dialogOpen((close) => <PowerDialog vms={vms} action={action} onClose={close} />);
      },
      startsGroup,
    );
    const isAtOnce = action === 'start' || action === 'pause' || action === 'unpause';
    return {
      ...offered,
      call: isAtOnce && vmCan(action, vm).allowed ? vmCall(vm, { action }) : undefined,
      disabledReason: offered.disabledReason ?? refusals[action],
    };
  };

  const protect = async () => {
    const isProtected = !vm.isProtected;
    const title = isProtected ? t('Protect from deletion') : t('Remove deletion protection');
    try {
      await vmDo(title, vmChangeTask(vm, { kind: 'protection', isProtected }));
      toastAdd({ tone: 'success', title: t('{{title}}: done', { title }) });
    } catch (error) {
      toastAdd({ tone: 'danger', title, detail: toFailure(error).detail });
    }
  };
  const copySsh = useCopySsh(vm);

  const all: VmActionItem[] = [
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
      'clone',
      'clone',
      t('Clone'),
      () => {
        const isRunning = vm.vmiPhase !== undefined;
        cloneOpen({ namespace, source: { kind: 'VirtualMachine', name }, isRunning });
      },
      true,
    ),
    item('snapshot', 'snapshot', t('Take snapshot'), () => copyOpen({ vms, copy: 'snapshot' })),
    item('export', 'export', t('Export'), () =>
      exportOpen({ source: { kind: 'VirtualMachine', namespace, name } }),
    ),
    item('memoryDump', 'memoryDump', t('Dump memory'), () =>
      memoryDumpOpen({
        vm: { namespace, name },
        memoryBytes: vm.memoryBytes ?? 0,
        claim: undefined,
      }),
    ),
    item(
      'labels',
      'edit',
      t('Edit labels and annotations'),
      () => dialogOpen((close) => <MetadataDialog vm={vm} onClose={close} />),
      true,
    ),
    {
      id: 'template',
      label: t('Save as template'),
      disabledReason: hasTemplates ? undefined : t('This cluster does not offer it.'),
      run: () => void navigate(`${resourceListHref(vmTemplates, vm.namespace)}?from=${name}`),
    },
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
      id: 'commands',
      label: t('Show commands'),
      startsGroup: true,
      run: () => commandsOpen({ vm }),
    },
    {
      ...item('delete', 'delete', t('Delete'), () =>
        dialogOpen((close) => <DeleteDialog vm={vm} onClose={close} onDone={place.onDeleted} />),
      ),
      isDanger: true,
    },
  ];
  return vm.isInstance ? all.filter(({ id }) => isOfInstances(id)) : all;
}
