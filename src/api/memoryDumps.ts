import { type VmTask, vmRun, type VmRef } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { toFailure } from '~/k8s/errors';
import { persistentVolumeClaims, resourcePath } from '~/k8s/models';
import { toQuantity } from '~/k8s/quantity';
import { vmCommand } from '~/kubevirt/vmCall';

/** Makes the claim of that name, unless there is one, and has the memory of the guest written to it. */
export function memoryDumpTask(vm: VmRef, claim: string, bytes: number): VmTask {
  const operation = { action: 'memoryDump', claim } as const;
  return {
    vm,
    command: vmCommand(vm, operation),
    run: async () => {
      await claimEnsure({ namespace: vm.namespace, name: claim }, bytes);
      await vmRun(vm, operation);
    },
  };
}

async function claimEnsure({ namespace, name }: VmRef, bytes: number): Promise<void> {
  try {
    await kubernetesRequest(resourcePath(persistentVolumeClaims, { namespace }), {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: persistentVolumeClaims.kind,
        metadata: { name, namespace },
        spec: {
          accessModes: ['ReadWriteOnce'],
          volumeMode: 'Filesystem',
          resources: { requests: { storage: toQuantity(bytes) } },
        },
      },
    });
  } catch (error) {
    if (toFailure(error).reason !== 'AlreadyExists') throw error;
  }
}
