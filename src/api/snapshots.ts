import type { VmRef } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import {
  apiVersion,
  resourcePath,
  virtualMachineRestores,
  virtualMachineSnapshots,
} from '~/k8s/models';

// All reject with what `toFailure` understands.

/** Takes a snapshot; `failureDeadline` is the time in seconds after which it is given up. */
export async function snapshotCreate(
  vm: VmRef,
  { name, failureDeadline }: { name: string; failureDeadline: number },
): Promise<void> {
  await kubernetesRequest(resourcePath(virtualMachineSnapshots, { namespace: vm.namespace }), {
    method: 'POST',
    body: {
      apiVersion: apiVersion(virtualMachineSnapshots),
      kind: virtualMachineSnapshots.kind,
      metadata: { name, namespace: vm.namespace },
      spec: {
        source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vm.name },
        failureDeadline: `${failureDeadline}s`,
      },
    },
  });
}

export async function snapshotDelete(snapshot: VmRef): Promise<void> {
  await kubernetesRequest(resourcePath(virtualMachineSnapshots, snapshot), { method: 'DELETE' });
}

/**
 * Puts the VM back to a snapshot. A running one has to stop first: `stop` has the cluster do it,
 * else the restore waits for it. `inPlace`: new claims take the names of those that there are, which go.
 */
export async function restoreCreate(
  vm: VmRef,
  { snapshot, stop, inPlace }: { snapshot: string; stop: boolean; inPlace: boolean },
): Promise<void> {
  await kubernetesRequest(resourcePath(virtualMachineRestores, { namespace: vm.namespace }), {
    method: 'POST',
    body: {
      apiVersion: apiVersion(virtualMachineRestores),
      kind: virtualMachineRestores.kind,
      metadata: { generateName: `${snapshot}-`, namespace: vm.namespace },
      spec: {
        target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vm.name },
        virtualMachineSnapshotName: snapshot,
        targetReadinessPolicy: stop ? 'StopTarget' : 'WaitEventually',
        ...(inPlace && { volumeRestorePolicy: 'InPlace' }),
      },
    },
  });
}
