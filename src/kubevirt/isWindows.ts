import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

/**
 * Whether a guest runs Windows: as its agent says, else by what the VM was made from (its annotation,
 * its preference, the label of its template).
 */
export function isWindows(
  vm: V1VirtualMachine | undefined,
  vmi: V1VirtualMachineInstance | undefined,
): boolean {
  const told = vmi?.status?.guestOSInfo?.id;
  // What the agent of Windows calls it (QEMU qga/commands-win32.c).
  if (told !== undefined && told !== '') return told === 'mswindows';
  const names = [
    vm?.spec.preference?.name,
    vm?.spec.template.metadata?.annotations?.['vm.kubevirt.io/os'],
    vmi?.metadata?.annotations?.['vm.kubevirt.io/os'],
    ...Object.keys(vm?.metadata?.labels ?? {}).map(
      (label) => /^os\.template\.kubevirt\.io\/(.*)$/.exec(label)?.[1],
    ),
  ];
  return names.some((name) => name !== undefined && /^win/i.test(name));
}
