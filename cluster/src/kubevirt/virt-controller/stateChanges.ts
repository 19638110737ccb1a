import type { VirtualMachine, VirtualMachineInstance } from '../resources.ts';

/**
 * `status.stateChangeRequests` without those at its head that are satisfied. A VMI that has ended or is
 * on its way out does not satisfy a Start: the request is for the one after it.
 */
export function openRequests(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined) {
  const requests = [...(vm.status?.stateChangeRequests ?? [])];
  while (requests[0]) {
    const { action, uid } = requests[0];
    const stopped = action === 'Stop' && vmi?.metadata.uid !== uid;
    const started = action === 'Start' && vmi !== undefined && !isLeaving(vmi);
    if (!stopped && !started) break;
    requests.shift();
  }
  return requests;
}

/** The first request that is not yet satisfied. */
export function firstRequest(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
): 'Start' | 'Stop' | undefined {
  const open = openRequests(vm, vmi)[0]?.action;
  return open === 'Start' || open === 'Stop' ? open : undefined;
}

const isLeaving = ({ metadata, status }: VirtualMachineInstance) =>
  metadata.deletionTimestamp !== undefined ||
  status?.phase === 'Succeeded' ||
  status?.phase === 'Failed';
