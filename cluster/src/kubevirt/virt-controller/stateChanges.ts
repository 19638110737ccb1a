import type { VirtualMachine, VirtualMachineInstance } from '../resources.ts';

/** `status.stateChangeRequests` without those at its head that are satisfied. */
export function openRequests(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined) {
  const requests = [...(vm.status?.stateChangeRequests ?? [])];
  while (requests[0]) {
    const { action, uid } = requests[0];
    const stopped = action === 'Stop' && vmi?.metadata.uid !== uid;
    const started = action === 'Start' && vmi !== undefined;
    if (!stopped && !started) break;
    requests.shift();
  }
  return requests;
}
