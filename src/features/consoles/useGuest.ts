import type { V1VirtualMachineInstance } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { useWatchObject } from '~/api/useWatch';
import type { VmRef } from '~/api/vms';
import type { Failure } from '~/k8s/errors';
import { virtualMachineInstances } from '~/k8s/models';

/** What a console has to know of the guest; `run` is another one after each start. */
export type Guest =
  | { state: 'loading' }
  | { state: 'error'; error: Failure; retry: () => void }
  | { state: 'absent' }
  | { state: 'starting' }
  | { state: 'ended' }
  | { state: 'running'; run: string };

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
      return { state: 'running', run: instance.metadata?.uid ?? '' };
    case 'Succeeded':
    case 'Failed':
      return { state: 'ended' };
    default:
      return { state: 'starting' };
  }
}
