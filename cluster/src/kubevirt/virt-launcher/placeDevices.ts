import type { DomainDisk, DomainSpec } from './GuestRuntime.ts';

/** Root ports that stay free for what is plugged in at run time. */
const FREE_PORTS = 8;
/** ICH9's controller, which q35 has built in. */
const SATA_PORTS = 6;

/** The kind of place that a disk takes; those on the USB bus need none. */
function kindOf(disk: DomainDisk): 'port' | 'scsi' | 'sata' | undefined {
  if (disk.device === 'cdrom' && (disk.bus === 'virtio' || disk.bus === 'usb')) {
    const bus = disk.bus === 'usb' ? 'USB' : disk.bus;
    throw new Error(`disk ${disk.name}: a CD-ROM cannot be on the ${bus} bus`);
  }
  if (disk.bus === 'virtio') return 'port';
  return disk.bus === 'usb' ? undefined : disk.bus;
}

/** The lowest number that is not taken, from then on taken. */
function take(taken: Set<number>): number {
  let place = 0;
  while (taken.has(place)) place++;
  taken.add(place);
  return place;
}

/**
 * The domain with a place on its bus for each device: those that have one keep it, because a guest finds
 * its devices again by it and so does the other side of a migration. Throws a sentence for people when a
 * bus is full or cannot have such a device.
 */
export function placeDevices(spec: DomainSpec): DomainSpec {
  const taken = { port: new Set<number>(), scsi: new Set<number>(), sata: new Set<number>() };
  for (const disk of spec.disks) {
    const kind = kindOf(disk);
    if (kind && disk.place !== undefined) taken[kind].add(disk.place);
  }
  for (const { place } of spec.interfaces) if (place !== undefined) taken.port.add(place);
  if (spec.hotplugMemory) taken.port.add(spec.hotplugMemory.place);
  const disks = spec.disks.map((disk) => {
    const kind = kindOf(disk);
    return kind === undefined ? disk : { ...disk, place: disk.place ?? take(taken[kind]) };
  });
  const crowded = disks.find(({ bus, place = 0 }) => bus === 'sata' && place >= SATA_PORTS);
  if (crowded)
    throw new Error(`disk ${crowded.name}: the SATA bus has room for ${SATA_PORTS} disks`);
  const interfaces = spec.interfaces.map((nic) => {
    // The others need I/O ports, which are scarce behind root ports.
    const behindPort = nic.model === 'virtio' || nic.model === 'e1000e';
    if (nic.place !== undefined) return nic;
    return behindPort ? { ...nic, place: take(taken.port) } : nic;
  });
  const rootPorts = spec.rootPorts ?? taken.port.size + FREE_PORTS;
  if (Math.max(-1, ...taken.port) >= rootPorts)
    throw new Error(`no PCI port is free: ${FREE_PORTS} devices can be plugged into a guest`);
  return { ...spec, disks, interfaces, rootPorts };
}

/** A root port that is free; throws when there is none. */
export function freePort(spec: DomainSpec): number {
  const ports = [...spec.disks.filter(({ bus }) => bus === 'virtio'), ...spec.interfaces];
  const taken = new Set(ports.flatMap(({ place }) => (place === undefined ? [] : [place])));
  if (spec.hotplugMemory) taken.add(spec.hotplugMemory.place);
  const port = take(taken);
  if (port >= (spec.rootPorts ?? 0)) throw new Error('no PCI port of the guest is free');
  return port;
}
