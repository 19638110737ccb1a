import { type VmRef, type VmTask, vmRun } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { toFailure } from '~/k8s/errors';
import { createCall, type KubernetesCall, vmCall, vmCommand } from '~/kubevirt/vmCall';
import { memoryDumpClaim } from '~/kubevirt/vmMemoryDump';
import { persistentVolumeClaims } from '~/k8s/models';

interface Order {
  claim: string;
  /** Room for the memory: the claim is made with it, unless it is there. Undefined: it is there. */
  bytes: number | undefined;
}

/** Makes the claim of that name, unless there is one, and has the memory of the guest written to it. */
export function memoryDumpTask(
  vm: VmRef,
  { claim, bytes }: Order,
): VmTask & { calls: readonly KubernetesCall[] } {
  const operation = { action: 'memoryDump', claim } as const;
  const create =
    bytes === undefined
      ? []
      : [createCall(persistentVolumeClaims, memoryDumpClaim(vm.namespace, claim, bytes))];
  return {
    vm,
    command: `${vmCommand(vm, operation)}${bytes === undefined ? '' : ' --create-claim'}`,
    calls: [...create, vmCall(vm, operation)],
    run: async () => {
      for (const { path, ...request } of create) {
        try {
          await kubernetesRequest(path, request);
        } catch (error) {
          if (toFailure(error).reason !== 'AlreadyExists') throw error;
        }
      }
      await vmRun(vm, operation);
    },
  };
}
