import { controllerReference } from '../../../client/controllerReference.ts';
import type { Draft } from '../../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../../client/resources.ts';
import type { VolumeSnapshot } from '../../../hostpath-provisioner/snapshotResources.ts';
import type { VirtualMachine } from '../../resources.ts';
import type {
  VirtualMachineSnapshot,
  VirtualMachineSnapshotContent,
  VolumeBackup,
} from './resources.ts';

/** Name of the object that keeps what a snapshot has seen. */
export const contentName = ({ metadata }: VirtualMachineSnapshot) =>
  `vmsnapshot-content-${metadata.uid}`;

/** A volume of a VM and its claim, if it exists. */
export interface VolumeClaim {
  volume: string;
  /** Of the claim. */
  name: string;
  claim: PersistentVolumeClaim | undefined;
}

/** The VM as it is now, and which VolumeSnapshot each of its claims is to have. */
export function contentDraft(
  snapshot: VirtualMachineSnapshot,
  vm: VirtualMachine,
  claims: readonly VolumeClaim[],
): Draft<VirtualMachineSnapshotContent> {
  const { name, uid, namespace } = snapshot.metadata;
  const { metadata, spec, status } = vm;
  return {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshotContent',
    metadata: { name: contentName(snapshot), ...(namespace && { namespace }) },
    spec: {
      virtualMachineSnapshotName: name,
      source: { virtualMachine: { metadata, spec, ...(status && { status }) } },
      volumeBackups: claims.flatMap(({ volume, claim }) =>
        claim
          ? [
              {
                volumeName: volume,
                persistentVolumeClaim: { metadata: claim.metadata, spec: claim.spec },
                volumeSnapshotName: `vmsnapshot-${uid}-volume-${volume}`,
              },
            ]
          : [],
      ),
    },
  };
}

/** The snapshot of one disk; it goes with the content. */
export function volumeSnapshotDraft(
  { metadata, spec }: VirtualMachineSnapshotContent,
  { volumeSnapshotName, persistentVolumeClaim }: VolumeBackup,
): Draft<VolumeSnapshot> {
  const source = spec.source.virtualMachine.metadata;
  return {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata: {
      name: volumeSnapshotName,
      ...(metadata.namespace && { namespace: metadata.namespace }),
      labels: {
        'snapshot.kubevirt.io/source-vm-name': source.name,
        'snapshot.kubevirt.io/source-vm-namespace': source.namespace ?? '',
      },
      ownerReferences: [
        controllerReference(
          'snapshot.kubevirt.io/v1beta1',
          'VirtualMachineSnapshotContent',
          metadata,
        ),
      ],
    },
    spec: { source: { persistentVolumeClaimName: persistentVolumeClaim.metadata.name } },
  };
}
