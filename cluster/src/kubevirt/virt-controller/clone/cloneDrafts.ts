import { controllerReference } from '../../../client/controllerReference.ts';
import type { Draft, OwnerReference } from '../../../client/KubeClient.ts';
import type { VirtualMachineRestore, VirtualMachineSnapshot } from '../snapshot/resources.ts';
import type { VirtualMachineClone } from './resources.ts';

/** The snapshot by which a VM is cloned. */
export const snapshotNameOf = ({ metadata }: VirtualMachineClone) => `tmp-snapshot-${metadata.uid}`;
/** The restore that makes the target. */
export const restoreNameOf = ({ metadata }: VirtualMachineClone) => `tmp-restore-${metadata.uid}`;

const ownedBy = ({ apiVersion, kind, metadata }: VirtualMachineClone): OwnerReference =>
  controllerReference(apiVersion, kind, metadata);

export function snapshotDraft(clone: VirtualMachineClone): Draft<VirtualMachineSnapshot> {
  const { namespace } = clone.metadata;
  return {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: {
      name: snapshotNameOf(clone),
      ...(namespace && { namespace }),
      ownerReferences: [ownedBy(clone)],
    },
    spec: {
      source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: clone.spec.source.name },
    },
  };
}

/** `target`: the name of the new VM. */
export function restoreDraft(
  clone: VirtualMachineClone,
  { snapshot, target, patches }: { snapshot: string; target: string; patches: string[] },
): Draft<VirtualMachineRestore> {
  const { namespace } = clone.metadata;
  const { volumeNamePolicy } = clone.spec;
  return {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineRestore',
    metadata: {
      name: restoreNameOf(clone),
      ...(namespace && { namespace }),
      ownerReferences: [ownedBy(clone)],
    },
    spec: {
      target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: target },
      virtualMachineSnapshotName: snapshot,
      ...(volumeNamePolicy && { volumeRestorePolicy: volumeNamePolicy }),
      patches,
    },
  };
}
