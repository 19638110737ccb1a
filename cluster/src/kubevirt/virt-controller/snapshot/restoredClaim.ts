import { annotations } from '../../../cdi/claims.ts';
import type { Draft, KubeObject, OwnerReference } from '../../../client/KubeClient.ts';
import type { PersistentVolumeClaim } from '../../../client/resources.ts';
import type { VirtualMachineRestore, VolumeBackup } from './resources.ts';

/** Annotation of what a restore has made: a VM, a claim. `markOf` is its value. */
export const madeBy = 'restore.kubevirt.io/lastRestoreUID';
export const markOf = ({ metadata }: VirtualMachineRestore): string =>
  `${metadata.name}-${metadata.uid}`;
/** Annotation of a claim: the name of its restore, which is woken by it. */
export const restoreName = 'restore.kubevirt.io/name';

/** Why a restore cannot be done; it is not tried again. */
export class RestoreFailure extends Error {}

/** Has the restore made the object? */
export const isMadeBy = (
  { metadata }: Pick<PersistentVolumeClaim, 'metadata'>,
  restore: VirtualMachineRestore,
) => metadata.annotations?.[madeBy] === markOf(restore);

/** Name of the claim that a volume is restored to (restore.go, volumeRestorePolicy, d923fdb). */
export function claimNameFor(
  { metadata, spec }: VirtualMachineRestore,
  { volumeName, persistentVolumeClaim }: VolumeBackup,
): string {
  if (spec.volumeRestorePolicy === 'InPlace') return persistentVolumeClaim.metadata.name;
  const override = spec.volumeRestoreOverrides?.find((one) => one.volumeName === volumeName);
  if (override?.restoreName) return override.restoreName;
  if (spec.volumeRestorePolicy === 'PrefixTargetName') return `${spec.target.name}-${volumeName}`;
  return `restore-${metadata.uid}-${volumeName}`;
}

/** A claim that begins as the volume's snapshot. `size` is a quantity, `vm` that of the snapshot. */
export function claimDraft(
  restore: VirtualMachineRestore,
  backup: VolumeBackup,
  { size, owners, vm }: { size: string; owners: OwnerReference[]; vm: KubeObject['metadata'] },
): Draft<PersistentVolumeClaim> {
  const { metadata, spec } = backup.persistentVolumeClaim;
  const { namespace } = restore.metadata;
  const override = restore.spec.volumeRestoreOverrides?.find(
    ({ volumeName }) => volumeName === backup.volumeName,
  );
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimNameFor(restore, backup),
      ...(namespace && { namespace }),
      ...(owners.length > 0 && { ownerReferences: owners }),
      labels: {
        ...metadata.labels,
        'restore.kubevirt.io/source-vm-name': vm.name,
        'restore.kubevirt.io/source-vm-namespace': vm.namespace ?? '',
        ...override?.labels,
      },
      annotations: {
        ...override?.annotations,
        [restoreName]: restore.metadata.name,
        [madeBy]: markOf(restore),
        [annotations.contentType]: 'kubevirt',
        [annotations.podPhase]: 'Succeeded',
      },
    },
    spec: {
      accessModes: spec.accessModes ?? [],
      resources: { requests: { storage: size } },
      ...(spec.storageClassName && { storageClassName: spec.storageClassName }),
      ...(spec.volumeMode && { volumeMode: spec.volumeMode }),
      dataSource: {
        apiGroup: 'snapshot.storage.k8s.io',
        kind: 'VolumeSnapshot',
        name: backup.volumeSnapshotName,
      },
    },
  };
}
