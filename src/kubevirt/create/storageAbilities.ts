import type { KubernetesObject } from '~/k8s/KubernetesObject';
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
  /** Access modes of the claims that it makes where none is chosen. */
  accessModes: readonly string[];
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
      claimPropertySets?: readonly { accessModes?: readonly string[] }[];
      cloneStrategy?: string;
    };
  },
): ProfileRow {
  const { claimPropertySets: [set] = [], cloneStrategy = '' } = object.status ?? {};
  return {
    name: object.metadata?.name ?? '',
    accessModes: set?.accessModes ?? [],
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
}

export interface Abilities {
  className: string;
  /** Each is undefined where it is not known. */
  accessMode: string | undefined;
  canSnapshot: boolean | undefined;
  /** Without copying every byte. */
  canCloneAtOnce: boolean | undefined;
  canGrow: boolean;
}

/** What the volume of a disk will be able to do; undefined while its class is not known. */
export function diskAbilities(
  { storageClass, accessMode }: Pick<DraftDisk, 'storageClass' | 'accessMode'>,
  { classes, profiles, snapshotDrivers }: StorageFacts,
): Abilities | undefined {
  const found =
    storageClass === ''
      ? [...(classes ?? [])].sort((a, b) => b.rank - a.rank).find(({ rank }) => rank > 0)
      : classes?.find(({ name }) => name === storageClass);
  if (!found) return undefined;
  const profile = profiles?.find(({ name }) => name === found.name);
  return {
    className: found.name,
    accessMode: accessMode || profile?.accessModes[0],
    canSnapshot: snapshotDrivers?.includes(found.provisioner),
    // CDI copies where it knows no better (pkg/controller/common/util.go at c07cdb6, GetCloneStrategy).
    canCloneAtOnce: profile && ['csi-clone', 'snapshot'].includes(profile.cloneStrategy),
    canGrow: found.canGrow,
  };
}
