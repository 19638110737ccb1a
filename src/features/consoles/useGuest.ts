import type { V1VirtualMachineInstance } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { useWatchObject } from '~/api/useWatch';
import type { VmRef } from '~/api/vms';
import type { Failure } from '~/k8s/errors';
import { virtualMachineInstances } from '~/k8s/models';

/** What a console has to know of the guest; `run` is another one after each start and migration. */
export type Guest =
  | { state: 'loading' }
  | { state: 'error'; error: Failure; retry: () => void }
  | { state: 'absent' }
  | { state: 'starting' }
  | { state: 'ended' }
  | {
      state: 'running';
      run: string;
      /** The same for all runs of one virtual machine. */
      machine: string;
      isMigrating: boolean;
    };

/** The state of a VirtualMachineInstance as far as its consoles depend on it, live. */
export function useGuest(vmi: VmRef): Guest {
  const watched = useWatchObject<V1VirtualMachineInstance>({
    model: virtualMachineInstances,
    ...vmi,
  });
  if (watched.state !== 'ready') return watched;
  const instance = watched.data;
  if (instance === undefined) return { state: 'absent' };
  switch (instance.status?.phase) {
    case 'Running':
      // After a migration it is the same guest on another node, behind another connection.
      return {
        state: 'running',
        run: `${instance.metadata?.uid ?? ''}@${instance.status.nodeName ?? ''}`,
        machine: machineOf(instance),
        isMigrating: isMigrating(instance),
      };
    case 'Succeeded':
    case 'Failed':
      return { state: 'ended' };
    default:
      return { state: 'starting' };
  }
}

/** Uid of the VM, of which the instance is one run; of the instance where it has no VM. */
function machineOf({ metadata }: V1VirtualMachineInstance): string {
  const owner = metadata?.ownerReferences?.find(({ kind }) => kind === 'VirtualMachine');
  return owner?.uid ?? metadata?.uid ?? '';
}

function isMigrating({ status }: V1VirtualMachineInstance): boolean {
  const migration = status?.migrationState;
  return migration?.startTimestamp !== undefined && migration.endTimestamp === undefined;
}
