import type { V1Disk } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { formatBytes, parseQuantity } from '../../quantity.ts';
import { names, type VirtualMachineInstance } from '../resources.ts';

const gibibyte = 2 ** 30;
/** KubeVirt's default liveUpdate.maxHotplugRatio. */
const hotplugRatio = 4;

/**
 * Defaults that virt-api writes into a new VirtualMachineInstance (MUT/vmi-mutator.go and pkg/defaults,
 * d923fdb), so that a controller and a guest meet no open question.
 */
export function mutateVirtualMachineInstance(vmi: VirtualMachineInstance, now: string): void {
  vmi.spec.architecture ??= 'amd64';
  defaultCpu(vmi);
  defaultMemory(vmi);
  for (const disk of vmi.spec.domain.devices.disks ?? []) defaultDisk(disk);
  defaultNetwork(vmi);
  vmi.spec.evictionStrategy ??= 'None';
  vmi.spec.domain.machine = { type: 'q35', ...vmi.spec.domain.machine };
  for (const input of vmi.spec.domain.devices.inputs ?? []) {
    input.bus ??= 'usb';
  }
  vmi.metadata.finalizers = [...new Set([...(vmi.metadata.finalizers ?? []), names.vmiFinalizer])];

  const { cpu, memory } = vmi.spec.domain;
  vmi.status = {
    phase: 'Pending',
    phaseTransitionTimestamps: [{ phase: 'Pending', phaseTransitionTimestamp: now }],
    runtimeUser: 107,
    ...(cpu && {
      currentCPUTopology: {
        sockets: cpu.sockets ?? 1,
        cores: cpu.cores ?? 1,
        threads: cpu.threads ?? 1,
      },
    }),
    ...(memory?.guest !== undefined && {
      memory: {
        guestAtBoot: memory.guest,
        guestRequested: memory.guest,
        guestCurrent: memory.guest,
      },
    }),
    ...vmi.status,
  };
}

function defaultCpu(vmi: VirtualMachineInstance): void {
  const { domain } = vmi.spec;
  const requested =
    quantity(domain.resources?.limits, 'cpu') ?? quantity(domain.resources?.requests, 'cpu');
  const given = domain.cpu ?? {};
  const unspecified =
    given.sockets === undefined && given.cores === undefined && given.threads === undefined;
  const sockets = unspecified && requested ? Math.max(1, Math.ceil(requested)) : given.sockets;
  domain.cpu = {
    model: 'host-model',
    ...given,
    sockets: sockets ?? 1,
    cores: given.cores ?? 1,
    threads: given.threads ?? 1,
  };
  domain.cpu.maxSockets ??= (domain.cpu.sockets ?? 1) * hotplugRatio;
}

function defaultMemory(vmi: VirtualMachineInstance): void {
  const { domain } = vmi.spec;
  const bytes =
    quantity(domain.resources?.requests, 'memory') ?? quantity(domain.resources?.limits, 'memory');
  if (domain.memory?.guest === undefined && bytes !== undefined) {
    domain.memory = { ...domain.memory, guest: formatBytes(bytes) };
  }
  const guest = parseQuantity(domain.memory?.guest ?? '');
  if (guest === undefined || !domain.memory) return;
  const eligible = guest >= gibibyte && guest % (2 * 2 ** 20) === 0;
  if (eligible) domain.memory.maxGuest ??= formatBytes(guest * hotplugRatio);
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

function defaultNetwork(vmi: VirtualMachineInstance): void {
  const { devices } = vmi.spec.domain;
  const hasNone = !vmi.spec.networks?.length && !devices.interfaces?.length;
  if (!hasNone || devices.autoattachPodInterface === false) return;
  vmi.spec.networks = [{ name: 'default', pod: {} }];
  devices.interfaces = [{ name: 'default', bridge: {} }];
}

function quantity(resources: object | undefined, name: string): number | undefined {
  const value: unknown = resources && Object.entries(resources).find(([key]) => key === name)?.[1];
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
}
