import type { VirtualMachine, VirtualMachinePool } from '../../resources.ts';
import { indexOf } from './poolVm.ts';

/** The VMs of a pool in the order in which a policy of it takes them: to give them up, or to start them anew. */
export function sortVms(
  pool: VirtualMachinePool,
  vms: readonly VirtualMachine[],
  policy: string | undefined,
  random: () => number,
): VirtualMachine[] {
  const index = (vm: VirtualMachine) => indexOf(pool, vm.metadata.name) ?? -1;
  const age = (vm: VirtualMachine) => Date.parse(vm.metadata.creationTimestamp);
  switch (policy) {
    case 'AscendingOrder':
      return [...vms].sort((a, b) => index(a) - index(b));
    case 'DescendingOrder':
      return [...vms].sort((a, b) => index(b) - index(a));
    case 'Newest':
      return [...vms].sort((a, b) => age(b) - age(a) || index(b) - index(a));
    case 'Oldest':
      return [...vms].sort((a, b) => age(a) - age(b) || index(a) - index(b));
    default:
      return vms
        .map((vm) => ({ vm, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ vm }) => vm);
  }
}
