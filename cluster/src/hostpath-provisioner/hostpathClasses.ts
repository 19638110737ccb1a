import { singleNode } from '../cdi/StorageProfileController.ts';
import type { Draft } from '../client/KubeClient.ts';
import type { CsiDriver, StorageClass } from '../client/resources.ts';
import { provisioner } from './HostpathProvisioner.ts';
import type { VolumeSnapshotClass } from './snapshotResources.ts';

/** The StorageClasses of a new cluster. The first is what VMs use unless they name another. */
export const hostpathClasses: readonly Draft<StorageClass>[] = [
  storageClass('hostpath-virtualization', {
    volumeBindingMode: 'Immediate',
    annotations: {
      'storageclass.kubernetes.io/is-default-class': 'true',
      'storageclass.kubevirt.io/is-default-virt-class': 'true',
    },
  }),
  storageClass('hostpath-wait', { volumeBindingMode: 'WaitForFirstConsumer' }),
  storageClass('hostpath-local', {
    volumeBindingMode: 'Immediate',
    parameters: { [singleNode]: 'true' },
  }),
];

/** As its operator makes it (hostpath-provisioner-operator: controller/hostpathprovisioner/csidriver.go). */
export const hostpathDriver: Draft<CsiDriver> = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSIDriver',
  metadata: { name: provisioner, labels: { 'k8s-app': 'hostpath-provisioner' } },
  spec: {
    attachRequired: false,
    podInfoOnMount: true,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    storageCapacity: true,
    volumeLifecycleModes: ['Persistent'],
  },
};

export const hostpathSnapshotClass: Draft<VolumeSnapshotClass> = {
  apiVersion: 'snapshot.storage.k8s.io/v1',
  kind: 'VolumeSnapshotClass',
  metadata: {
    name: 'hostpath-snapshots',
    annotations: { 'snapshot.storage.kubernetes.io/is-default-class': 'true' },
  },
  driver: provisioner,
  deletionPolicy: 'Delete',
};

function storageClass(
  name: string,
  {
    annotations,
    ...more
  }: Pick<StorageClass, 'volumeBindingMode' | 'parameters'> & {
    annotations?: Record<string, string>;
  },
): Draft<StorageClass> {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, ...(annotations && { annotations }) },
    provisioner,
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
    ...more,
  };
}
