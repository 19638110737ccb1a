import type { V1Disk, V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { formatBytes, parseQuantity } from '../../quantity.ts';
import type { ClusterConfiguration } from '../clusterConfiguration.ts';
import { pullPolicy } from '../virt-launcher/containerDisks.ts';

type Spec = V1VirtualMachineInstanceSpec;

const gibibyte = 2 ** 30;
/** The most processors that a guest may come to have (pkg/defaults, d923fdb). */
const mostCpus = 512;

const machines: Record<string, string> = { arm64: 'virt', s390x: 's390-ccw-virtio' };

/**
 * Fills what a guest's spec leaves open, in place: what virt-api does with a new VMI, and with a VM before
 * it is checked and expanded. KubeVirt: pkg/defaults (d923fdb).
 */
export function defaultInstanceSpec(spec: Spec, configuration?: ClusterConfiguration): void {
  spec.architecture ??= 'amd64';
  spec.domain.machine = { type: machines[spec.architecture] ?? 'q35', ...spec.domain.machine };
  defaultMemory(spec);
  defaultTopology(spec);
  defaultNetwork(spec, configuration?.defaultNetworkInterface);
  defaultVolumeDisks(spec);
}

/** Fills what only a new VMI gets: the CPU's model, room for hot plug, buses, policies. */
export function defaultDevices(spec: Spec, configuration: ClusterConfiguration): void {
  const { domain } = spec;
  domain.cpu = { model: configuration.cpuModel ?? 'host-model', ...domain.cpu };
  defaultMaxSockets(domain.cpu, configuration);
  const guest = parseQuantity(domain.memory?.guest ?? '');
  if (guest !== undefined && domain.memory) {
    const eligible =
      guest >= gibibyte && guest % (2 * 2 ** 20) === 0 && spec.architecture === 'amd64';
    const most = configuration.maxGuest ?? formatBytes(guest * configuration.maxHotplugRatio);
    // A maximum below what it has leaves no room.
    if (eligible && (parseQuantity(most) ?? 0) >= guest) domain.memory.maxGuest ??= most;
    overcommit(spec, guest, configuration.memoryOvercommit);
  }
  for (const disk of domain.devices.disks ?? []) defaultDisk(disk);
  for (const { containerDisk } of spec.volumes ?? []) {
    // The policies of the API are an enumeration whose members are these words.
    if (containerDisk) Object.assign(containerDisk, { imagePullPolicy: pullPolicy(containerDisk) });
  }
  for (const probe of [spec.readinessProbe, spec.livenessProbe]) {
    if (!probe) continue;
    probe.timeoutSeconds ||= 1;
    probe.periodSeconds ||= 10;
    probe.successThreshold ||= 1;
    probe.failureThreshold ||= 3;
  }
  for (const input of domain.devices.inputs ?? []) {
    input.bus ||= 'usb';
    input.type ||= 'tablet';
  }
}

function defaultMaxSockets(
  cpu: NonNullable<Spec['domain']['cpu']>,
  { maxCpuSockets, maxHotplugRatio }: ClusterConfiguration,
): void {
  const { sockets = 1, cores = 1, threads = 1 } = cpu;
  const wanted = maxCpuSockets ?? sockets * maxHotplugRatio;
  const most = Math.min(wanted, Math.floor(mostCpus / (cores * threads)));
  cpu.maxSockets ??= Math.max(sockets, most);
}

/** Asks for less of the node than the guest has, unless the VMI says itself what it asks for. */
function overcommit({ domain }: Spec, guest: number, percent: number): void {
  if (percent === 100 || quantity(domain.resources?.requests, 'memory') !== undefined) return;
  const memory = formatBytes(Math.floor((guest * 100) / percent));
  const { resources } = domain;
  domain.resources = { ...resources, requests: { ...resources?.requests, memory } };
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
export function defaultNetwork(
  spec: Spec,
  binding: ClusterConfiguration['defaultNetworkInterface'] = 'bridge',
): void {
  const { devices } = spec.domain;
  const hasNone = !spec.networks?.length && !devices.interfaces?.length;
  if (!hasNone || devices.autoattachPodInterface === false) return;
  spec.networks = [{ name: 'default', pod: {} }];
  devices.interfaces = [{ name: 'default', [binding]: {} }];
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
