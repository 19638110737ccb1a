import { isRecord } from '~/k8s/isRecord';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { parseQuantity } from '~/k8s/quantity';
import { toBytes } from '~/kubevirt/create/amount';
import type { DraftDisk } from '~/kubevirt/create/vmDraft';

/** What is looked at of a StorageClass. */
export interface ClassRow {
  name: string;
  provisioner: string;
  canGrow: boolean;
  /** 2 for VMs' own default, 1 for the default of all, 0 for none. */
  rank: 0 | 1 | 2;
}

/** What is looked at of a StorageProfile, which CDI keeps for each class. */
export interface ProfileRow {
  name: string;
  /** Of the claims that it makes where none is chosen. */
  accessModes: readonly string[];
  volumeMode: string;
  cloneStrategy: string;
}

const defaults = [
  ['storageclass.kubevirt.io/is-default-virt-class', 2],
  ['storageclass.kubernetes.io/is-default-class', 1],
] as const;

export function classRow(
  object: KubernetesObject & { provisioner?: string; allowVolumeExpansion?: boolean },
): ClassRow {
  const { name = '', annotations } = object.metadata ?? {};
  return {
    name,
    provisioner: object.provisioner ?? '',
    canGrow: object.allowVolumeExpansion === true,
    rank: defaults.find(([key]) => annotations?.[key] === 'true')?.[1] ?? 0,
  };
}

export function profileRow(
  object: KubernetesObject & {
    status?: {
      claimPropertySets?: readonly { accessModes?: readonly string[]; volumeMode?: string }[];
      cloneStrategy?: string;
    };
  },
): ProfileRow {
  const { claimPropertySets: [set] = [], cloneStrategy = '' } = object.status ?? {};
  return {
    name: object.metadata?.name ?? '',
    accessModes: set?.accessModes ?? [],
    volumeMode: set?.volumeMode ?? 'Filesystem',
    cloneStrategy,
  };
}

export function driverOf(object: KubernetesObject & { driver?: string }): string {
  return object.driver ?? '';
}

/** What the cluster says of its storage; a part is undefined while it is not known, or may not be read. */
export interface StorageFacts {
  classes: readonly ClassRow[] | undefined;
  profiles: readonly ProfileRow[] | undefined;
  /** Drivers of the VolumeSnapshotClasses. */
  snapshotDrivers: readonly string[] | undefined;
  /** The largest volume that a class still has room for, in bytes, where its driver tells. */
  room: ReadonlyMap<string, number>;
  /** Part of a volume that its file system takes, by class; of all others under ''. */
  overheads: ReadonlyMap<string, number>;
}

/** What is looked at of a CSIStorageCapacity. */
export interface CapacityRow {
  className: string;
  bytes: number;
}

export function capacityRow(object: {
  storageClassName?: string;
  capacity?: string;
  maximumVolumeSize?: string;
}): CapacityRow {
  const { storageClassName: className = '', capacity, maximumVolumeSize } = object;
  const room = parseQuantity(capacity) ?? 0;
  return { className, bytes: Math.min(room, parseQuantity(maximumVolumeSize) ?? room) };
}

/** The most of each class: a volume lies in one place. */
export function roomOf(rows: readonly CapacityRow[]): Map<string, number> {
  const room = new Map<string, number>();
  for (const { className, bytes } of rows) {
    room.set(className, Math.max(room.get(className) ?? 0, bytes));
  }
  return room;
}

/** The overheads of CDI's configuration. */
export function overheadsOf({ status }: { status?: unknown }): (readonly [string, number])[] {
  const overhead = isRecord(status) ? status['filesystemOverhead'] : undefined;
  if (!isRecord(overhead)) return [];
  const { global: all, storageClass } = overhead;
  const own = Object.entries(isRecord(storageClass) ? storageClass : {});
  return [...own, ['', all] as const].flatMap(([name, part]) => {
    const number = Number(part);
    return number > 0 && number < 1 ? [[name, number] as const] : [];
  });
}

export interface Abilities {
  className: string;
  volumeMode: string;
  /** Each is undefined where it is not known. */
  accessMode: string | undefined;
  canSnapshot: boolean | undefined;
  /** Without copying every byte. */
  canCloneAtOnce: boolean | undefined;
  canGrow: boolean;
}

/** What the volume of a disk will be able to do; undefined while its class is not known. */
export function diskAbilities(
  { storageClass, accessMode, volumeMode }: DraftDisk,
  { classes, profiles, snapshotDrivers }: StorageFacts,
): Abilities | undefined {
  const found =
    storageClass === ''
      ? [...(classes ?? [])].sort((a, b) => b.rank - a.rank).find(({ rank }) => rank > 0)
      : classes?.find(({ name }) => name === storageClass);
  if (!found) return undefined;
  const profile = profiles?.find(({ name }) => name === found.name);
  const canSnapshot = snapshotDrivers?.includes(found.provisioner);
  return {
    className: found.name,
    volumeMode: volumeMode || (profile?.volumeMode ?? 'Filesystem'),
    accessMode: accessMode || profile?.accessModes[0],
    canSnapshot,
    canCloneAtOnce: profile && clonesAtOnce(profile, canSnapshot),
    canGrow: found.canGrow,
  };
}

/** CDI takes snapshots unless it is told otherwise (pkg/controller/clone at c07cdb6). */
function clonesAtOnce(
  { cloneStrategy }: ProfileRow,
  canSnapshot: boolean | undefined,
): boolean | undefined {
  if (cloneStrategy === 'csi-clone') return true;
  return cloneStrategy === 'copy' ? false : canSnapshot;
}

/** What the claim of a disk asks for: with a file system also the room that this takes. */
export function claimBytes(disk: DraftDisk, storage: StorageFacts): number {
  const bytes = toBytes(disk.size);
  const { className = '', volumeMode } = diskAbilities(disk, storage) ?? {};
  if (volumeMode === 'Block') return bytes;
  const { overheads } = storage;
  return Math.ceil(bytes / (1 - (overheads.get(className) ?? overheads.get('') ?? 0)));
}
