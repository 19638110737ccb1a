import type { V1beta1DataVolume } from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';

import { parseQuantity } from '~/k8s/quantity';
import type { Upload } from '~/k8s/Uploads';
import { toBytes } from '~/kubevirt/create/amount';
import { diskAbilities, type StorageFacts } from '~/kubevirt/create/storageAbilities';
import { diskDraft, type DraftDisk, type VmDraft } from '~/kubevirt/create/vmDraft';

/** How a disk was filled, which says how long another like it will take. */
export interface Transfer {
  kind: 'copy' | 'download';
  /** Empty for the default. */
  storageClass: string;
  /** Size of the disk, in bytes. */
  bytes: number;
  /** From its creation until it was filled. */
  seconds: number;
}

/** What is known of how fast disks are filled here. */
export interface Pace {
  transfers: readonly Transfer[];
  uploads: readonly Upload[];
}

/** A DataVolume that was filled, as a measure; undefined of others. */
export function toTransfer({ metadata, spec, status }: V1beta1DataVolume): Transfer | undefined {
  const { source, sourceRef, storage, pvc } = spec;
  const kind =
    (source?.http ?? source?.registry)
      ? 'download'
      : (source?.pvc ?? source?.snapshot ?? sourceRef)
        ? 'copy'
        : undefined;
  const requests: Readonly<Record<string, unknown>> =
    storage?.resources?.requests ?? pvc?.resources?.requests ?? {};
  const size = requests['storage'];
  const bytes = typeof size === 'string' ? parseQuantity(size) : undefined;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const end = Date.parse(String(ready?.status === 'True' ? ready.lastTransitionTime : ''));
  const seconds = (end - Date.parse(metadata?.creationTimestamp ?? '')) / 1000;
  if (kind === undefined || bytes === undefined || !(seconds >= 0)) return undefined;
  const storageClass = storage?.storageClassName ?? pvc?.storageClassName ?? '';
  // Times of the API are whole seconds.
  return { kind, storageClass, bytes, seconds: Math.max(seconds, 1) };
}

/** How long it takes until the VMs of a draft can start. */
export type DraftTime =
  | { kind: 'seconds' }
  | {
      /** It is not known whether the storage clones or copies. */
      kind: 'copy' | 'download' | 'unknown';
      bytes: number;
      /** As long as disks like these took that were measured; undefined where there were none. */
      measured: { seconds: number; disks: number } | undefined;
    }
  /** Of this computer; `seconds` is undefined while nothing is measured. */
  | { kind: 'upload'; bytes: number; seconds: number | undefined };

/** By what its disks need; the slowest decides. */
export function draftTime(draft: VmDraft, storage: StorageFacts, pace: Pace): DraftTime {
  const { disks, count, namespace } = draft;
  const waiting = { copy: [], download: [], unknown: [] } as Record<Slow, DraftDisk[]>;
  for (const disk of disks) {
    const kind = slowness(disk, storage);
    if (kind !== undefined) waiting[kind].push(disk);
  }
  const names = new Set(
    disks.flatMap(({ source }) => (source.kind === 'dataVolume' ? [source.name] : [])),
  );
  const open = pace.uploads.filter(
    (one) =>
      one.namespace === namespace &&
      names.has(one.name) &&
      one.state !== 'succeeded' &&
      one.state !== 'cancelled',
  );
  if (open.length > 0) return uploadTime(open);
  for (const kind of ['download', 'copy', 'unknown'] as const) {
    const slow = waiting[kind];
    if (slow.length === 0) continue;
    const bytes = slow.reduce((sum, { size }) => sum + toBytes(size), 0) * count;
    const measured =
      kind === 'unknown' ? undefined : measure(kind, slow, count, storage, pace.transfers);
    return { kind, bytes, measured };
  }
  return { kind: 'seconds' };
}

type Slow = 'copy' | 'download' | 'unknown';

/** Undefined of what is empty, there already, or cloned at once. */
function slowness(disk: DraftDisk, storage: StorageFacts): Slow | undefined {
  switch (disk.source.kind) {
    case 'url':
    case 'registry':
      return 'download';
    case 'dataSource':
    case 'clone':
    case 'snapshot': {
      const { canCloneAtOnce } = diskAbilities(disk, storage) ?? {};
      return canCloneAtOnce === undefined ? 'unknown' : canCloneAtOnce ? undefined : 'copy';
    }
    default:
      return undefined;
  }
}

function uploadTime(open: readonly Upload[]): DraftTime {
  const left = open.map(({ bytes, sentBytes }) => bytes - sentBytes);
  const bytes = left.reduce((sum, one) => sum + one, 0);
  const speed = open.find(({ bytesPerSecond = 0 }) => bytesPerSecond > 0)?.bytesPerSecond;
  return { kind: 'upload', bytes, seconds: speed === undefined ? undefined : bytes / speed };
}

/** The median is not led astray by one that waited for something else. */
function measure(
  kind: Transfer['kind'],
  disks: readonly DraftDisk[],
  count: number,
  storage: StorageFacts,
  transfers: readonly Transfer[],
): { seconds: number; disks: number } | undefined {
  const classOf = (name: string) =>
    diskAbilities({ ...diskDraft('', { kind: 'blank' }), storageClass: name }, storage)?.className;
  const classes = new Set(disks.map(({ storageClass }) => classOf(storageClass)));
  const paces = transfers
    .filter((one) => one.kind === kind && classes.has(classOf(one.storageClass)))
    .map(({ seconds, bytes }) => seconds / bytes)
    .sort((a, b) => a - b);
  const median = paces[Math.floor(paces.length / 2)];
  if (median === undefined) return undefined;
  const bytes = disks.reduce((sum, { size }) => sum + toBytes(size), 0) * count;
  return { seconds: median * bytes, disks: paces.length };
}
