import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { parseQuantity } from '~/k8s/quantity';

const group = 'instancetype.kubevirt.io';

/** What rows of instance types and of preferences have in common. */
export interface TypeRow {
  /** `typeKeyOf`. */
  key: string;
  kind: string;
  /** '' for cluster-scoped ones. */
  namespace: string;
  name: string;
  title: string;
  vendor: string;
  isDeprecated: boolean;
  created: string;
}

export interface InstanceTypeRow extends TypeRow {
  /** What is before the first dot of a common instance type: `u1`. */
  series: string;
  /** `nano` to `8xlarge`; '' when no label tells. */
  size: string;
  cpus: number;
  memoryBytes: number;
  gpus: readonly string[];
  hostDevices: readonly string[];
  /** Size of a huge page; '' without. */
  hugepages: string;
  isDedicated: boolean;
}

export interface PreferenceRow extends TypeRow {
  /** `linux`, `windows`, or ''. */
  os: string;
  firmware: '' | 'bios' | 'uefi' | 'secureBoot';
  diskBus: string;
  interfaceModel: string;
  machineType: string;
  topology: string;
  architecture: string;
  /** 0 for no requirement. */
  minCpus: number;
  minMemoryBytes: number;
}

interface InstanceTypeObject extends KubernetesObject {
  spec?: {
    cpu?: { guest?: number; dedicatedCPUPlacement?: boolean };
    memory?: { guest?: string; hugepages?: { pageSize?: string } };
    gpus?: { deviceName?: string }[];
    hostDevices?: { deviceName?: string }[];
  };
}

interface PreferenceObject extends KubernetesObject {
  spec?: {
    cpu?: { preferredCPUTopology?: string };
    devices?: { preferredDiskBus?: string; preferredInterfaceModel?: string };
    firmware?: {
      preferredUseBios?: boolean;
      preferredUseEfi?: boolean;
      preferredUseSecureBoot?: boolean;
      preferredEfi?: { secureBoot?: boolean };
    };
    machine?: { preferredMachineType?: string };
    preferredArchitecture?: string;
    requirements?: {
      cpu?: { guest?: number };
      memory?: { guest?: string };
      architecture?: string;
    };
  };
}

/** Identity among types of both scopes: `VirtualMachineClusterPreference//fedora`. */
export function typeKeyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

function toTypeRow(kind: string, { metadata = {} }: KubernetesObject): TypeRow {
  const { name = '', namespace = '', labels = {}, annotations = {} } = metadata;
  return {
    key: typeKeyOf(kind, namespace, name),
    ...{ kind, namespace, name },
    title: annotations[`${group}/displayName`] ?? annotations['openshift.io/display-name'] ?? '',
    vendor: labels[`${group}/vendor`] ?? '',
    isDeprecated: labels[`${group}/deprecated`] === 'true',
    created: metadata.creationTimestamp ?? '',
  };
}

function toInstanceTypeRow(kind: string, object: InstanceTypeObject): InstanceTypeRow {
  const { metadata, spec = {} } = object;
  const row = toTypeRow(kind, object);
  const dot = row.name.indexOf('.');
  const devices = (list: { deviceName?: string }[] = []) =>
    list.map(({ deviceName = '' }) => deviceName);
  return {
    ...row,
    series: dot > 0 ? row.name.slice(0, dot) : '',
    size: metadata?.labels?.[`${group}/size`] ?? '',
    cpus: spec.cpu?.guest ?? 0,
    memoryBytes: parseQuantity(spec.memory?.guest) ?? 0,
    gpus: devices(spec.gpus),
    hostDevices: devices(spec.hostDevices),
    hugepages: spec.memory?.hugepages?.pageSize ?? '',
    isDedicated: spec.cpu?.dedicatedCPUPlacement === true,
  };
}

function firmwareOf({ firmware = {} }: NonNullable<PreferenceObject['spec']>) {
  if (firmware.preferredEfi?.secureBoot ?? firmware.preferredUseSecureBoot) return 'secureBoot';
  if (firmware.preferredEfi !== undefined || firmware.preferredUseEfi) return 'uefi';
  return firmware.preferredUseBios ? 'bios' : '';
}

function toPreferenceRow(kind: string, object: PreferenceObject): PreferenceRow {
  const { metadata, spec = {} } = object;
  const row = toTypeRow(kind, object);
  return {
    ...row,
    os: metadata?.labels?.[`${group}/os-type`] ?? (/^windows/.test(row.name) ? 'windows' : ''),
    firmware: firmwareOf(spec),
    diskBus: spec.devices?.preferredDiskBus ?? '',
    interfaceModel: spec.devices?.preferredInterfaceModel ?? '',
    machineType: spec.machine?.preferredMachineType ?? '',
    topology: spec.cpu?.preferredCPUTopology ?? '',
    architecture: spec.requirements?.architecture ?? spec.preferredArchitecture ?? '',
    minCpus: spec.requirements?.cpu?.guest ?? 0,
    minMemoryBytes: parseQuantity(spec.requirements?.memory?.guest) ?? 0,
  };
}

export const toClusterInstanceType = (object: InstanceTypeObject) =>
  toInstanceTypeRow('VirtualMachineClusterInstancetype', object);
export const toProjectInstanceType = (object: InstanceTypeObject) =>
  toInstanceTypeRow('VirtualMachineInstancetype', object);
export const toClusterPreference = (object: PreferenceObject) =>
  toPreferenceRow('VirtualMachineClusterPreference', object);
export const toProjectPreference = (object: PreferenceObject) =>
  toPreferenceRow('VirtualMachinePreference', object);

interface Matcher {
  kind?: string;
  name?: string;
}

/** What a VM names, by `typeKeyOf`; '' for nothing. */
export interface TypeUser {
  namespace: string;
  name: string;
  instancetype: string;
  preference: string;
}

/** The row of a VM for those who only want to know what it names. */
export function toTypeUser({
  metadata = {},
  spec = {},
}: KubernetesObject & { spec?: { instancetype?: Matcher; preference?: Matcher } }): TypeUser {
  const { namespace = '', name = '' } = metadata;
  // Without a kind it is the cluster's (KubeVirt pkg/instancetype/find, d923fdb).
  const keyOf = (matcher: Matcher | undefined, own: string, cluster: string) =>
    matcher?.name === undefined
      ? ''
      : matcher.kind?.toLowerCase() === own.toLowerCase()
        ? typeKeyOf(own, namespace, matcher.name)
        : typeKeyOf(cluster, '', matcher.name);
  return {
    ...{ namespace, name },
    instancetype: keyOf(
      spec.instancetype,
      'VirtualMachineInstancetype',
      'VirtualMachineClusterInstancetype',
    ),
    preference: keyOf(
      spec.preference,
      'VirtualMachinePreference',
      'VirtualMachineClusterPreference',
    ),
  };
}

/** What a node must have for it: a row of names, empty where any node will do. */
export function needsOf(row: InstanceTypeRow): ('dedicated' | 'hugepages' | 'gpu' | 'device')[] {
  return [
    ...(row.isDedicated ? ['dedicated' as const] : []),
    ...(row.hugepages === '' ? [] : ['hugepages' as const]),
    ...(row.gpus.length === 0 ? [] : ['gpu' as const]),
    ...(row.hostDevices.length === 0 ? [] : ['device' as const]),
  ];
}

/** By series, then by CPUs, memory and name: `2xlarge` comes before `16xlarge`. */
export function bySize(a: InstanceTypeRow, b: InstanceTypeRow): number {
  return (
    a.series.localeCompare(b.series) ||
    a.cpus - b.cpus ||
    a.memoryBytes - b.memoryBytes ||
    a.name.localeCompare(b.name)
  );
}
