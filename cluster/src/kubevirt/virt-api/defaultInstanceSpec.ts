import type { V1Disk, V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { formatBytes, parseQuantity } from '../../quantity.ts';

type Spec = V1VirtualMachineInstanceSpec;

const gibibyte = 2 ** 30;
/** KubeVirt's default liveUpdate.maxHotplugRatio. */
const hotplugRatio = 4;

/**
 * Fills what a guest's spec leaves open, in place: what virt-api does with a new VMI, and with a VM before
 * it is checked and expanded. KubeVirt: pkg/defaults (d923fdb).
 */
export function defaultInstanceSpec(spec: Spec): void {
  spec.architecture ??= 'amd64';
  spec.domain.machine = { type: 'q35', ...spec.domain.machine };
  defaultMemory(spec);
  defaultTopology(spec);
  defaultNetwork(spec);
  defaultVolumeDisks(spec);
}

/** Fills what only a new VMI gets: the CPU's model, room for hot plug, buses. */
export function defaultDevices(spec: Spec): void {
  const { domain } = spec;
  domain.cpu = { model: 'host-model', ...domain.cpu };
  domain.cpu.maxSockets ??= (domain.cpu.sockets ?? 1) * hotplugRatio;
  const guest = parseQuantity(domain.memory?.guest ?? '');
  if (guest !== undefined && domain.memory) {
    const eligible = guest >= gibibyte && guest % (2 * 2 ** 20) === 0;
    if (eligible) domain.memory.maxGuest ??= formatBytes(guest * hotplugRatio);
  }
  for (const disk of domain.devices.disks ?? []) defaultDisk(disk);
  for (const input of domain.devices.inputs ?? []) {
    input.bus ||= 'usb';
    input.type ||= 'tablet';
  }
}

function defaultTopology({ domain }: Spec): void {
  const requested =
    quantity(domain.resources?.limits, 'cpu') ?? quantity(domain.resources?.requests, 'cpu');
  const given = domain.cpu ?? {};
  const unspecified =
    given.sockets === undefined && given.cores === undefined && given.threads === undefined;
  const sockets = unspecified && requested ? Math.max(1, Math.ceil(requested)) : given.sockets;
  domain.cpu = {
    ...given,
    sockets: sockets ?? 1,
    cores: given.cores ?? 1,
    threads: given.threads ?? 1,
  };
}

function defaultMemory({ domain }: Spec): void {
  const bytes =
    quantity(domain.resources?.requests, 'memory') ?? quantity(domain.resources?.limits, 'memory');
  if (domain.memory?.guest === undefined && bytes !== undefined) {
    domain.memory = { ...domain.memory, guest: formatBytes(bytes) };
  }
}

function defaultDisk(disk: V1Disk): void {
  if (!disk.disk && !disk.cdrom && !disk.lun) disk.disk = {};
  if (disk.disk) disk.disk.bus ??= 'sata';
  if (disk.lun) disk.lun.bus ??= 'sata';
  if (disk.cdrom) {
    disk.cdrom.bus ??= 'sata';
    disk.cdrom.readonly ??= true;
    disk.cdrom.tray ??= 'closed';
  }
}

/** Without networks and interfaces a guest gets the pod network, unless it says that it wants none. */
export function defaultNetwork(spec: Spec): void {
  const { devices } = spec.domain;
  const hasNone = !spec.networks?.length && !devices.interfaces?.length;
  if (!hasNone || devices.autoattachPodInterface === false) return;
  spec.networks = [{ name: 'default', pod: {} }];
  devices.interfaces = [{ name: 'default', bridge: {} }];
}

/** A disk for each volume that nothing uses. */
export function defaultVolumeDisks({ domain: { devices }, volumes }: Spec): void {
  const named = new Set([
    ...(devices.disks ?? []).map(({ name }) => name),
    ...(devices.filesystems ?? []).map(({ name }) => name),
  ]);
  const bare = (volumes ?? []).filter(({ name }) => !named.has(name));
  if (bare.length === 0) return;
  devices.disks = [...(devices.disks ?? []), ...bare.map(({ name }) => ({ name }))];
}

function quantity(resources: object | undefined, name: string): number | undefined {
  const value: unknown = resources && Object.entries(resources).find(([key]) => key === name)?.[1];
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
}
