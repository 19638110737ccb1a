import type { PersistentVolumeClaim } from '../../../client/resources.ts';
import type { VirtualMachine } from '../../resources.ts';
import { claimName } from '../templates.ts';

interface Sources {
  vm: VirtualMachine;
  claims: readonly PersistentVolumeClaim[];
  /** Drivers that have a VolumeSnapshotClass. */
  snapshotDrivers: ReadonlySet<string>;
}

type Statuses = NonNullable<NonNullable<VirtualMachine['status']>['volumeSnapshotStatuses']>;

/** Which volumes of a VM a snapshot of it has. KubeVirt: VMC, updateVolumeSnapshotStatuses (d923fdb). */
export function volumeSnapshotStatuses({ vm, claims, snapshotDrivers }: Sources): Statuses {
  return (vm.spec.template.spec?.volumes ?? []).map((volume) => {
    const { name } = volume;
    const wanted = claimName(volume);
    if (wanted === undefined) {
      const reason = `Snapshot is not supported for this volumeSource type [${name}]`;
      return { name, enabled: false, reason };
    }
    const claim = claims.find(({ metadata }) => metadata.name === wanted);
    if (!claim) return { name, enabled: false, reason: `PVC not found [${name}]` };
    const driver = claim.metadata.annotations?.['volume.kubernetes.io/storage-provisioner'] ?? '';
    if (snapshotDrivers.has(driver)) return { name, enabled: true };
    const storageClass = claim.spec.storageClassName ?? '';
    const reason = `No VolumeSnapshotClass: Volume snapshots are not configured for this StorageClass [${storageClass}] [${name}]`;
    return { name, enabled: false, reason };
  });
}
