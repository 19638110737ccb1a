import { List, ListItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useAccess } from '~/api/access';
import { vmDelete, vmPause, vmReset, vmRestart, vmStart, vmStop, vmUnpause } from '~/api/vms';
import { useNavigate, vmHref } from '~/console/navigation';
import { toFailure } from '~/k8s/errors';
import { type RunStrategy, type VmAction, vmCan } from '~/kubevirt/vmCan';
import type { VmStatus } from '~/kubevirt/vmStatus';
import type { MenuAction } from '~/ui/ActionMenu';
import { toastAdd } from '~/ui/toasts';
import type { ConfirmRequest } from '~/ui/useConfirm';

/** What actions need to know of a VM. */
export interface VmActionTarget {
  namespace: string;
  name: string;
  status: VmStatus;
  runStrategy: RunStrategy;
  vmiPhase: string | undefined;
  ownedDataVolumes: readonly string[];
}

const subresources = { verb: 'update', group: 'subresources.kubevirt.io' } as const;
const onVm = { ...subresources, resource: 'virtualmachines' };
const onVmi = { ...subresources, resource: 'virtualmachineinstances' };

/** Rights by action, asked for exactly as the API server will check them. */
function useActionAccess(namespace: string) {
  const stop = useAccess({ ...onVm, subresource: 'stop', namespace });
  return {
    start: useAccess({ ...onVm, subresource: 'start', namespace }),
    stop,
    forceStop: stop,
    restart: useAccess({ ...onVm, subresource: 'restart', namespace }),
    pause: useAccess({ ...onVmi, subresource: 'pause', namespace }),
    unpause: useAccess({ ...onVmi, subresource: 'unpause', namespace }),
    reset: useAccess({ ...onVmi, subresource: 'reset', namespace }),
    openConsole: useAccess({ ...onVmi, verb: 'get', subresource: 'vnc', namespace }),
    delete: useAccess({
      verb: 'delete',
      group: 'kubevirt.io',
      resource: 'virtualmachines',
      namespace,
    }),
  };
}

/** Where the actions are offered. */
export interface VmActionPlace {
  /** The console is on the screen already. */
  showsConsole?: boolean;
  /** Called once the cluster has taken the deletion. */
  onDeleted?: () => void;
}

export type VmActionItem = MenuAction & { id: VmAction };

/**
 * What can be done with a VM: labels, reasons why not, and the calls. Those that end something ask
 * first. Every one reports its outcome.
 */
export function useVmActions(
  vm: VmActionTarget,
  ask: (request: ConfirmRequest) => void,
  place: VmActionPlace = {},
): readonly VmActionItem[] {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const access = useActionAccess(vm.namespace);
  const { name, namespace } = vm;

  const disabledReason = (action: VmAction): string | undefined => {
    const verdict = vmCan(action, vm);
    if (!verdict.allowed) return t(verdict.reason);
    const { allowed, loading, reason } = access[action];
    if (loading || allowed) return undefined;
    const denied = t('You are not allowed to do this in project {{namespace}}.', { namespace });
    return reason === undefined ? denied : `${denied} ${reason}`;
  };

  const item = (id: VmAction, label: string, run: () => void): VmActionItem => ({
    id,
    label,
    disabledReason: disabledReason(id),
    run,
  });

  const act = async (call: () => Promise<void>, done: string, failed: string) => {
    try {
      await call();
      toastAdd({ tone: 'success', title: done });
    } catch (error) {
      toastAdd({ tone: 'danger', title: failed, detail: toFailure(error).detail });
    }
  };

  const confirm = (
    request: Omit<ConfirmRequest, 'submit'>,
    call: () => Promise<void>,
    done: string,
  ) =>
    ask({
      ...request,
      submit: async () => {
        await call();
        toastAdd({ tone: 'success', title: done });
      },
    });

  const openConsole = item('openConsole', t('Open console'), () => {
    void navigate(vmHref(vm, 'console'));
  });
  return [
    ...(place.showsConsole === true ? [] : [openConsole]),
    {
      ...item('start', t('Start'), () => {
        const failed = t('{{name}} could not be started', { name });
        void act(() => vmStart(vm), t('Starting {{name}}', { name }), failed);
      }),
      startsGroup: true,
    },
    item('stop', t('Stop'), () =>
      confirm(
        {
          title: t('Stop {{name}}?', { name }),
          body: t('Its guest is asked to shut down. What it serves will not be available.'),
          confirmLabel: t('Stop'),
        },
        () => vmStop(vm),
        t('Stopping {{name}}', { name }),
      ),
    ),
    item('restart', t('Restart'), () =>
      confirm(
        {
          title: t('Restart {{name}}?', { name }),
          body: t('Its guest is asked to shut down and is then started again.'),
          confirmLabel: t('Restart'),
        },
        () => vmRestart(vm),
        t('Restarting {{name}}', { name }),
      ),
    ),
    vm.status === 'Paused'
      ? item('unpause', t('Unpause'), () => {
          const failed = t('{{name}} could not be unpaused', { name });
          void act(() => vmUnpause(vm), t('Unpaused {{name}}', { name }), failed);
        })
      : item('pause', t('Pause'), () => {
          const failed = t('{{name}} could not be paused', { name });
          void act(() => vmPause(vm), t('Paused {{name}}', { name }), failed);
        }),
    {
      ...item('reset', t('Reset'), () =>
        confirm(
          {
            title: t('Reset {{name}}?', { name }),
            body: t('This is the reset button: the guest is not asked and may lose data.'),
            confirmLabel: t('Reset'),
            isDanger: true,
          },
          () => vmReset(vm),
          t('Reset {{name}}', { name }),
        ),
      ),
      startsGroup: true,
    },
    item('forceStop', t('Force stop'), () =>
      confirm(
        {
          title: t('Force {{name}} to stop?', { name }),
          body: t('This pulls the plug: the guest is not asked and may lose data.'),
          confirmLabel: t('Force stop'),
          isDanger: true,
        },
        () => vmStop(vm, { force: true }),
        t('Stopping {{name}} by force', { name }),
      ),
    ),
    {
      ...item('delete', t('Delete'), () =>
        confirm(
          {
            title: t('Delete {{name}}?', { name }),
            body: <DeleteText vm={vm} />,
            confirmLabel: t('Delete'),
            isDanger: true,
          },
          async () => {
            await vmDelete(vm);
            place.onDeleted?.();
          },
          t('Deleting {{name}}', { name }),
        ),
      ),
      isDanger: true,
      startsGroup: true,
    },
  ];
}

function DeleteText({ vm }: { vm: VmActionTarget }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { name, namespace, ownedDataVolumes } = vm;
  return (
    <>
      <p>
        {t('The virtual machine {{name}} in project {{namespace}} is deleted.', {
          name,
          namespace,
        })}
      </p>
      {ownedDataVolumes.length > 0 ? (
        <>
          <p>{t('These disks belong to it and are deleted with everything on them:')}</p>
          <List>
            {ownedDataVolumes.map((disk) => (
              <ListItem key={disk}>{disk}</ListItem>
            ))}
          </List>
        </>
      ) : (
        <p>{t('It owns no disks. Volumes that it uses are kept.')}</p>
      )}
      <p>{t('This cannot be undone.')}</p>
    </>
  );
}
