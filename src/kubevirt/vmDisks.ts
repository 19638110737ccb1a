import type { V1beta1DataVolume } from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';
import type {
  V1DataVolumeTemplateSpec,
  V1Disk,
  V1VirtualMachine,
  V1VirtualMachineInstance,
  V1Volume,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { isRecord } from '~/k8s/isRecord';
import { parseQuantity } from '~/k8s/quantity';

/** What is kept of a DataVolume while its making is followed. */
export interface DataVolumeRow {
  name: string;
  phase: string;
  /** 0 to 100, when CDI gives it. */
  percent: number | undefined;
  /** Why it fails, in CDI's words; empty when it does not. */
  failure: string;
}

export interface VmDisk {
  name: string;
  kind: 'disk' | 'cdrom' | 'lun';
  bus: string;
  bootOrder: number | undefined;
  /** Volume kind and what it refers to: `DataVolume`, `web-rootdisk`. */
  sourceKind: string;
  sourceName: string;
  /** Where the content came from: `DataSource images/fedora`, a URL; empty when not known. */
  origin: string;
  bytes: number | undefined;
  /** Device in the guest: `vda`. */
  target: string;
  dataVolume: DataVolumeRow | undefined;
}

/** Progress is text: `N/A`, `45.32%`, `100.0%` (CDI pkg/controller/datavolume). */
function percentOf(progress: string | undefined): number | undefined {
  const value = Number.parseFloat(progress ?? '');
  return Number.isNaN(value) ? undefined : Math.max(0, Math.min(100, value));
}

export function toDataVolumeRow({ metadata, status }: V1beta1DataVolume): DataVolumeRow {
  const running = status?.conditions?.find((condition) => condition.type === 'Running');
  // The phase stays ImportInProgress while CDI retries: the text is in this condition alone.
  const isFailing =
    running?.status === 'False' &&
    (running.reason === 'Error' || running.reason === 'ImagePullFailed');
  const failure = isFailing || status?.phase === 'Failed' ? (running?.message ?? '') : '';
  return {
    name: metadata?.name ?? '',
    phase: status?.phase ?? 'Pending',
    percent: percentOf(status?.progress),
    failure: failure || (status?.phase === 'Failed' ? 'Failed' : ''),
  };
}

/** CDI's words for what is copied from, as the kinds that people know. */
const copiedKinds: Partial<Record<string, string>> = {
  pvc: 'PersistentVolumeClaim',
  snapshot: 'VolumeSnapshot',
};

function originOf({ spec }: V1DataVolumeTemplateSpec): string {
  if (spec.sourceRef) {
    const { kind, namespace, name } = spec.sourceRef;
    return [kind, namespace ? `${namespace}/${name}` : name].join(' ');
  }
  for (const [kind, value] of Object.entries(spec.source ?? {})) {
    if (!isRecord(value)) continue;
    const { url, name, namespace } = value;
    if (typeof url === 'string') return url;
    if (typeof name === 'string') {
      const from = typeof namespace === 'string' ? `${namespace}/${name}` : name;
      return `${copiedKinds[kind] ?? kind} ${from}`;
    }
    return kind;
  }
  return '';
}

function requestedBytes({ spec }: V1DataVolumeTemplateSpec): number | undefined {
  const requests: unknown = (spec.storage ?? spec.pvc)?.resources?.requests;
  const storage = isRecord(requests) ? requests['storage'] : undefined;
  return typeof storage === 'string' ? parseQuantity(storage) : undefined;
}

/** The volume's kind (its one key besides the name) and what it refers to. */
function volumeSource(volume: V1Volume | undefined): { kind: string; name: string } {
  if (!volume) return { kind: '', name: '' };
  if (volume.dataVolume) return { kind: 'DataVolume', name: volume.dataVolume.name };
  if (volume.persistentVolumeClaim) {
    return { kind: 'PersistentVolumeClaim', name: volume.persistentVolumeClaim.claimName };
  }
  if (volume.containerDisk) return { kind: 'containerDisk', name: volume.containerDisk.image };
  const [kind = ''] = Object.keys(volume).filter((key) => key !== 'name');
  return { kind, name: '' };
}

function deviceOf(disk: V1Disk): Pick<VmDisk, 'kind' | 'bus'> {
  if (disk.cdrom) return { kind: 'cdrom', bus: disk.cdrom.bus ?? '' };
  if (disk.lun) return { kind: 'lun', bus: disk.lun.bus ?? '' };
  return { kind: 'disk', bus: disk.disk?.bus ?? '' };
}

/** Disks of a VM in the order in which they are tried at boot, then as written. */
export function vmDisks(
  vm: V1VirtualMachine,
  vmi: V1VirtualMachineInstance | undefined,
  dataVolumes: readonly DataVolumeRow[],
): readonly VmDisk[] {
  const spec = vm.spec.template.spec;
  const volumes = new Map((spec?.volumes ?? []).map((volume) => [volume.name, volume]));
  const templates = new Map(
    (vm.spec.dataVolumeTemplates ?? []).map((one) => [one.metadata?.name ?? '', one]),
  );
  const statuses = new Map((vmi?.status?.volumeStatus ?? []).map((one) => [one.name, one]));
  const disks = (spec?.domain.devices.disks ?? []).map((disk): VmDisk => {
    const { kind, name } = volumeSource(volumes.get(disk.name));
    const template = kind === 'DataVolume' ? templates.get(name) : undefined;
    const status = statuses.get(disk.name);
    const capacity: unknown = status?.persistentVolumeClaimInfo?.capacity;
    const capacityText = isRecord(capacity) ? capacity['storage'] : undefined;
    return {
      name: disk.name,
      ...deviceOf(disk),
      bootOrder: disk.bootOrder,
      sourceKind: kind,
      sourceName: name,
      origin: template ? originOf(template) : '',
      bytes:
        (typeof capacityText === 'string' ? parseQuantity(capacityText) : undefined) ??
        (template && requestedBytes(template)),
      target: status?.target ?? '',
      dataVolume: kind === 'DataVolume' ? dataVolumes.find((one) => one.name === name) : undefined,
    };
  });
  return disks.sort((a, b) => (a.bootOrder ?? Infinity) - (b.bootOrder ?? Infinity) || 0);
}

/** Whether CDI is still making the volume. */
export function isBeingMade({ phase }: DataVolumeRow): boolean {
  return phase !== 'Succeeded' && phase !== 'Failed' && phase !== 'Paused';
}
