import type {
  V1DataVolumeTemplateSpec,
  V1Disk,
  V1Volume,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { toQuantity } from '~/k8s/quantity';
import { toBytes } from '~/kubevirt/create/amount';
import type { DraftDisk } from '~/kubevirt/create/vmDraft';

/** The device that the guest sees. One that says no bus has the one of the preference, where there is one, else what suits it. */
export function toDisk(disk: DraftDisk, hasPreference: boolean): V1Disk {
  const { name, kind, bus, cache, bootOrder } = disk;
  const standard = kind === 'cdrom' ? 'sata' : kind === 'lun' ? 'scsi' : 'virtio';
  const chosen = bus !== '' ? bus : hasPreference && kind === 'disk' ? undefined : standard;
  const device = chosen === undefined ? {} : { bus: chosen };
  return {
    name,
    [kind]: device,
    ...(cache !== '' && { cache }),
    ...(bootOrder !== undefined && { bootOrder }),
  };
}

/** What is on it, `dataVolume` being the name of the volume made for it; undefined for an empty drive. */
export function toVolume({ name, source }: DraftDisk, dataVolume: string): V1Volume | undefined {
  switch (source.kind) {
    case 'claim':
      return { name, persistentVolumeClaim: { claimName: source.name } };
    case 'dataVolume':
      return { name, dataVolume: { name: source.name } };
    case 'containerDisk':
      return { name, containerDisk: { image: source.image } };
    case 'configMap':
      return { name, configMap: { name: source.name } };
    case 'secret':
      return { name, secret: { secretName: source.name } };
    case 'none':
      return undefined;
    default:
      return { name, dataVolume: { name: dataVolume } };
  }
}

function toSource(source: DraftDisk['source']): Partial<V1DataVolumeTemplateSpec['spec']> {
  switch (source.kind) {
    case 'dataSource': {
      const { namespace, name } = source;
      return { sourceRef: { kind: 'DataSource', namespace, name } };
    }
    case 'url':
      return { source: { http: { url: source.url } } };
    case 'registry':
      return { source: { registry: { url: source.url } } };
    case 'clone':
      return { source: { pvc: { namespace: source.namespace, name: source.name } } };
    case 'snapshot':
      return { source: { snapshot: { namespace: source.namespace, name: source.name } } };
    default:
      return { source: { blank: {} } };
  }
}

/** The volume of a disk that is made along with its VM (`isMade`). */
export function toTemplate(disk: DraftDisk, name: string): V1DataVolumeTemplateSpec {
  const { storageClass, accessMode, volumeMode } = disk;
  return {
    metadata: { name },
    spec: {
      ...toSource(disk.source),
      storage: {
        ...(storageClass !== '' && { storageClassName: storageClass }),
        ...(accessMode !== '' && { accessModes: [accessMode] }),
        ...(volumeMode !== '' && { volumeMode }),
        resources: { requests: { storage: toQuantity(toBytes(disk.size)) } },
      },
    },
  };
}
