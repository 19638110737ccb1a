import { bootIndexes } from './bootIndexes.ts';
import { interfaceArguments } from './interfaceDevices.ts';
import { blockNodeOptions, diskDevice } from './diskDevices.ts';
import type { DomainSpec } from './GuestRuntime.ts';
import { deviceArguments, inputArguments } from './deviceArguments.ts';
import { memoryBackendOptions, memoryDeviceOptions } from './hotplugMemory.ts';
import { placeDevices } from './placeDevices.ts';

/** Names of the sockets and files in a guest's folder; QEMU runs there, so they have no path. */
export const guestFiles = {
  spec: 'spec.json',
  pid: 'pid',
  monitor: 'qmp.sock',
  vnc: 'vnc.sock',
  serial: 'serial.sock',
  serialLog: 'serial.log',
  agent: 'agent.sock',
  downwardMetrics: 'metrics.sock',
  log: 'launcher.log',
  stderr: 'qemu.log',
  memory: 'memory',
  nvram: 'nvram.fd',
  /** Where the memory of a guest from another node comes in. */
  migration: 'migrate.sock',
  /** There as long as the guest is not taken over from another node. */
  incoming: 'incoming',
  /** There when what is incoming may be asked to run before all of its memory is here. */
  postCopy: 'post-copy',
} as const;

export interface QemuMachine {
  acceleration: 'kvm' | 'tcg';
  /** Paths of OVMF's code; the guest's variables are `guestFiles.nvram`. */
  efiCode?: string;
  /** The guest's memory comes from a saved state or from another node. */
  incoming: boolean;
}

/**
 * The command line of a domain, without the program. Throws a sentence for people when the domain asks
 * for what QEMU does not have.
 */
export function qemuArguments(domain: DomainSpec, machine: QemuMachine): string[] {
  const spec = placeDevices(domain);
  return [
    ...machineArguments(spec, machine),
    ...rootPortArguments(spec.rootPorts ?? 0),
    ...['-device', json({ driver: 'virtio-scsi-pci', id: 'scsi0', num_queues: 1 })],
    ...['-device', json({ driver: 'qemu-xhci', id: 'usb', p2: 8, p3: 8 })],
    ...diskArguments(spec),
    ...interfaceArguments(spec),
    ...consoleArguments(spec),
    ...agentArguments(spec),
    ...deviceArguments(spec),
    ...['-object', json({ 'qom-type': 'rng-random', id: 'rng0', filename: '/dev/urandom' })],
    ...['-device', json({ driver: 'virtio-rng-pci', rng: 'rng0' })],
    ...['-device', json({ driver: 'pvpanic-pci' })],
    ...memoryArguments(spec),
  ];
}

function memoryArguments({ hotplugMemory }: DomainSpec): string[] {
  if (!hotplugMemory) return [];
  return [
    ...['-object', json(memoryBackendOptions(hotplugMemory))],
    ...['-device', json(memoryDeviceOptions(hotplugMemory))],
  ];
}

function machineArguments(spec: DomainSpec, machine: QemuMachine): string[] {
  const { sockets, cores, threads, maxSockets } = spec.cpu;
  const secure = spec.firmware.secureBoot && machine.efiCode !== undefined;
  const kibibytes = Math.floor(spec.memoryBytes / 1024);
  const most = Math.floor((spec.maxMemoryBytes ?? 0) / 1024);
  const maximum = most > kibibytes ? `,maxmem=${most}K` : '';
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-S'],
    ...['-name', `guest=${value(spec.name)},debug-threads=on`, '-uuid', spec.firmware.uuid],
    ...['-machine', `q35,vmport=off${secure ? ',smm=on' : ''}`],
    // The translation buffer is most of a small guest's memory under TCG; QEMU's default is 1 GiB.
    ...(machine.acceleration === 'kvm'
      ? ['-accel', 'kvm']
      : ['-accel', 'tcg,thread=multi,tb-size=64']),
    ...['-cpu', processor(spec, machine)],
    ...['-smp', smp(sockets * cores * threads, Math.max(maxSockets, sockets), cores, threads)],
    ...['-m', `size=${kibibytes}K${maximum}`],
    ...firmwareArguments(machine, secure),
    ...kernelArguments(spec),
    ...['-smbios', smbios(spec)],
    ...['-boot', 'strict=on', '-rtc', 'base=utc,driftfix=slew'],
    ...['-global', 'ICH9-LPC.disable_s3=1', '-global', 'ICH9-LPC.disable_s4=1'],
    // A guest that ends stays as a stopped machine until we have seen how it ended, even if we are away.
    ...['-action', `shutdown=pause,panic=pause,watchdog=${spec.watchdog ?? 'reset'}`],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...['-pidfile', guestFiles.pid],
    ...['-chardev', `socket,id=monitor,path=${guestFiles.monitor},server=on,wait=off`],
    ...['-mon', 'chardev=monitor,mode=control'],
    ...(machine.incoming ? ['-incoming', 'defer'] : []),
  ];
}

/** `enforce`: the guest does not start without what it must have. */
function processor({ cpuModel, cpuFeatures = [] }: DomainSpec, machine: QemuMachine): string {
  const best = machine.acceleration === 'kvm' ? 'host' : 'max,la57=off';
  const features = cpuFeatures.map(({ name, on }) => `${value(name)}=${on ? 'on' : 'off'}`);
  const isStrict = cpuModel !== undefined || cpuFeatures.some(({ required }) => required);
  return [cpuModel === undefined ? best : value(cpuModel), ...features]
    .concat(isStrict ? ['enforce'] : [])
    .join(',');
}

function smp(cpus: number, sockets: number, cores: number, threads: number): string {
  return `cpus=${cpus},maxcpus=${sockets * cores * threads},sockets=${sockets},cores=${cores},threads=${threads}`;
}

function firmwareArguments(machine: QemuMachine, secure: boolean): string[] {
  if (machine.efiCode === undefined) return [];
  const pflash = (unit: number, file: string, readOnly: boolean): string[] => [
    '-drive',
    `if=pflash,unit=${unit},format=raw,readonly=${readOnly ? 'on' : 'off'},file=${value(file)}`,
  ];
  return [
    ...(secure ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
    ...pflash(0, machine.efiCode, true),
    ...pflash(1, guestFiles.nvram, false),
  ];
}

function kernelArguments({ kernel }: DomainSpec): string[] {
  return [
    ...(kernel?.kernel ? ['-kernel', kernel.kernel] : []),
    ...(kernel?.initrd ? ['-initrd', kernel.initrd] : []),
    ...(kernel?.arguments ? ['-append', kernel.arguments] : []),
  ];
}

function smbios(spec: DomainSpec): string {
  const serial = spec.firmware.serial;
  return [
    'type=1,manufacturer=KubeVirt,product=None,family=KubeVirt',
    `uuid=${spec.firmware.uuid}`,
    ...(serial === undefined ? [] : [`serial=${value(serial)}`]),
  ].join(',');
}

function consoleArguments(spec: DomainSpec): string[] {
  const serial = [
    `socket,id=serial0,path=${guestFiles.serial},server=on,wait=off`,
    `logfile=${guestFiles.serialLog},logappend=on`,
  ].join(',');
  return [
    ...(spec.graphics
      ? [
          ...['-vnc', `unix:${guestFiles.vnc}`],
          ...['-device', json({ driver: 'VGA', id: 'video0' })],
          ...inputArguments(spec),
        ]
      : []),
    ...(spec.serialConsole
      ? ['-chardev', serial, '-device', json({ driver: 'isa-serial', chardev: 'serial0' })]
      : []),
  ];
}

/** Ports of the guest for programs in it: the guest agent, and who reads downward metrics. */
function agentArguments({ downwardMetrics }: DomainSpec): string[] {
  const port = (id: string, socket: string, name: string): string[] => [
    ...['-chardev', `socket,id=${id},path=${socket},server=on,wait=off`],
    '-device',
    json({ driver: 'virtserialport', id, chardev: id, bus: 'virtio-serial0.0', name }),
  ];
  return [
    ...['-device', json({ driver: 'virtio-serial-pci', id: 'virtio-serial0' })],
    ...port('agent0', guestFiles.agent, 'org.qemu.guest_agent.0'),
    ...(downwardMetrics
      ? port('metrics0', guestFiles.downwardMetrics, 'org.github.vhostmd.1')
      : []),
  ];
}

function diskArguments({ disks, interfaces }: DomainSpec): string[] {
  const order = bootIndexes(disks, interfaces);
  return disks.flatMap((disk) => [
    ...(disk.file ? ['-blockdev', json(blockNodeOptions(disk, disk.file))] : []),
    ...['-device', json({ ...diskDevice(disk), bootindex: order.get(disk) })],
  ]);
}

/** PCIe root ports, eight to a slot; devices behind one can be unplugged at run time. */
function rootPortArguments(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const slot = (0x10 + Math.floor(n / 8)).toString(16);
    const place = n % 8 === 0 ? { multifunction: true } : {};
    const addr = `0x${slot}.${n % 8}`;
    const port = { driver: 'pcie-root-port', id: `rp${n}`, bus: 'pcie.0', chassis: n + 1 };
    return ['-device', json({ ...port, addr, ...place })];
  }).flat();
}

function json(options: Record<string, unknown>): string {
  return JSON.stringify(options);
}

/** A value in QEMU's comma separated lists: a comma is written twice. */
function value(text: string): string {
  return text.replaceAll(',', ',,');
}
