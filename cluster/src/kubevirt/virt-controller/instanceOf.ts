import type { VirtualMachine, VirtualMachineInstance } from '../resources.ts';

/** Is the VMI the one that this VM controls? */
export function instanceOf(vm: VirtualMachine, vmi: VirtualMachineInstance): boolean {
  return (
    vmi.metadata.ownerReferences?.some(
      ({ controller, uid }) => controller === true && uid === vm.metadata.uid,
    ) ?? false
  );
}
