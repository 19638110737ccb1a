import { instanceGet, vmGet } from '~/api/vms';
import type { VmRef } from '~/kubevirt/vmCall';
import { vmOfInstance } from '~/kubevirt/vmInstance';

/** Whom to log in to the guest as, by what the VM tells; root where it tells nothing. */
export async function sshUserGet(vm: VmRef): Promise<string> {
  // It reads YAML: loaded when it is wanted.
  const [{ sshUser }, stored] = await Promise.all([
    import('~/kubevirt/sshUser'),
    vm.isInstance ? instanceGet(vm).then(vmOfInstance) : vmGet(vm),
  ]);
  return sshUser(stored) ?? 'root';
}
