import type { KubeObject } from '../../client/KubeClient.ts';
import type {
  AccessMode,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from '../../client/resources.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import { requireClaimInRange } from '../limits/limitRanger.ts';
import { builtin } from './builtin.ts';
import { validateNewClaim } from './claimRules.ts';

const shortModes: Record<AccessMode, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';

function modesText(modes: readonly AccessMode[] | undefined): string {
  return (modes ?? []).map((mode) => shortModes[mode]).join(',');
}

function claimText(text: (claim: PersistentVolumeClaim) => string | undefined) {
  return (object: KubeObject) => {
    const claim = object as PersistentVolumeClaim;
    return text(claim) ?? '';
  };
}

function volumeText(text: (volume: PersistentVolume) => string | undefined) {
  return (object: KubeObject) => text(object as PersistentVolume) ?? '';
}

export const persistentVolumeClaimResource = builtin<PersistentVolumeClaim>({
  group: '',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  generation: false,
  subresources: { status: true },
  columns: [
    {
      name: 'Status',
      type: 'string',
      value: claimText(({ metadata, status }) =>
        metadata.deletionTimestamp === undefined ? status?.phase : 'Terminating',
      ),
    },
    { name: 'Volume', type: 'string', value: claimText(({ spec }) => spec.volumeName) },
    { name: 'Capacity', type: 'string', value: claimText((c) => c.status?.capacity?.['storage']) },
    {
      name: 'Access Modes',
      type: 'string',
      value: claimText(({ status }) => modesText(status?.accessModes)),
    },
    { name: 'StorageClass', type: 'string', value: claimText((c) => c.spec.storageClassName) },
    {
      name: 'VolumeAttributesClass',
      type: 'string',
      value: claimText((c) => c.spec.volumeAttributesClassName ?? '<unset>'),
    },
    ageColumn,
    {
      name: 'VolumeMode',
      type: 'string',
      value: claimText(({ spec }) => spec.volumeMode),
      priority: 1,
    },
  ],
  admission: {
    async mutate({ operation, object, client }) {
      if (operation !== 'CREATE') return;
      object.spec.volumeMode ??= 'Filesystem';
      object.status = { phase: 'Pending' };
      if (object.spec.storageClassName !== undefined) return;
      const classes = await client.list(storageClassRef);
      const usual = classes.items.find(
        ({ metadata }) => metadata.annotations?.[defaultClassAnnotation] === 'true',
      );
      if (usual !== undefined) object.spec.storageClassName = usual.metadata.name;
    },
    validate(request) {
      validateNewClaim(request);
      return requireClaimInRange(request);
    },
  },
});

const storageClassRef = {
  group: 'storage.k8s.io',
  version: 'v1',
  plural: 'storageclasses',
  kind: 'StorageClass',
  namespaced: false,
} as const;

export const persistentVolumeResource = builtin<PersistentVolume>({
  group: '',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  generation: false,
  subresources: { status: true },
  columns: [
    { name: 'Capacity', type: 'string', value: volumeText((v) => v.spec.capacity?.['storage']) },
    {
      name: 'Access Modes',
      type: 'string',
      value: volumeText(({ spec }) => modesText(spec.accessModes)),
    },
    {
      name: 'Reclaim Policy',
      type: 'string',
      value: volumeText((v) => v.spec.persistentVolumeReclaimPolicy),
    },
    {
      name: 'Status',
      type: 'string',
      value: volumeText(({ metadata, status }) =>
        metadata.deletionTimestamp === undefined ? status?.phase : 'Terminating',
      ),
    },
    {
      name: 'Claim',
      type: 'string',
      value: volumeText(({ spec }) =>
        spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
      ),
    },
    { name: 'StorageClass', type: 'string', value: volumeText((v) => v.spec.storageClassName) },
    { name: 'Reason', type: 'string', value: volumeText(({ status }) => status?.reason) },
    ageColumn,
    {
      name: 'VolumeMode',
      type: 'string',
      value: volumeText(({ spec }) => spec.volumeMode),
      priority: 1,
    },
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation !== 'CREATE') return;
      object.spec.volumeMode ??= 'Filesystem';
      object.spec.persistentVolumeReclaimPolicy ??= 'Retain';
      object.status = { phase: 'Pending' };
    },
  },
});

export const storageClassResource = builtin<StorageClass>({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,
  generation: false,
  columns: [
    { name: 'Provisioner', type: 'string', value: '.provisioner' },
    { name: 'ReclaimPolicy', type: 'string', value: '.reclaimPolicy' },
    { name: 'VolumeBindingMode', type: 'string', value: '.volumeBindingMode' },
    {
      name: 'AllowVolumeExpansion',
      type: 'boolean',
      value: (object) => (object as StorageClass).allowVolumeExpansion ?? false,
    },
    ageColumn,
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation !== 'CREATE') return;
      object.reclaimPolicy ??= 'Delete';
      object.volumeBindingMode ??= 'Immediate';
    },
  },
});

export const csiDriverResource = builtin<KubeObject & { spec?: Record<string, unknown> }>({
  group: 'storage.k8s.io',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  namespaced: false,
  generation: false,
  columns: [
    { name: 'AttachRequired', type: 'boolean', value: '.spec.attachRequired' },
    { name: 'PodInfoOnMount', type: 'boolean', value: '.spec.podInfoOnMount' },
    { name: 'StorageCapacity', type: 'boolean', value: '.spec.storageCapacity' },
    ageColumn,
  ],
});

export const csiStorageCapacityResource = builtin({
  group: 'storage.k8s.io',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  namespaced: true,
  generation: false,
  columns: [
    { name: 'StorageClassName', type: 'string', value: '.storageClassName' },
    { name: 'Capacity', type: 'string', value: '.capacity' },
    ageColumn,
  ],
});

export const volumeAttachmentResource = builtin({
  group: 'storage.k8s.io',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  namespaced: false,
  generation: false,
  subresources: { status: true },
  columns: [
    { name: 'Attacher', type: 'string', value: '.spec.attacher' },
    { name: 'PV', type: 'string', value: '.spec.source.persistentVolumeName' },
    { name: 'Node', type: 'string', value: '.spec.nodeName' },
    { name: 'Attached', type: 'boolean', value: '.status.attached' },
    ageColumn,
  ],
});
