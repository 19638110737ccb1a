import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blockNode, blockNodeOptions, deviceId, diskDevice } from './diskDevices.ts';
import type { DomainDisk, DomainInterface, DomainSpec, Hotplug } from './GuestRuntime.ts';
import {
  interfaceDevice,
  netdevOf,
  nicId,
  segmentBackend,
  segmentSocket,
} from './interfaceDevices.ts';
import { deleteLayers } from './QemuDisks.ts';
import { memoryBackendOptions, memoryDevice, memoryDeviceOptions } from './hotplugMemory.ts';
import { freePort, placeDevices } from './placeDevices.ts';
import { type Qmp, QmpError, type QmpEvent } from './Qmp.ts';
import { guestFiles } from './qemuArguments.ts';

/** A guest that does not answer is asked again later by whoever wanted it. */
const UNPLUG_TIMEOUT_MS = 15_000;
/** A guest closes a tray once in the time of many commands. */
const TRAY_ATTEMPTS = 20;

interface Cpu {
  type: string;
  props: Record<string, number>;
  'qom-path'?: string;
}

/** Adds and takes away parts of a machine that runs, and keeps its domain on disk in step. */
export class QemuHotplug implements Hotplug {
  #spec: DomainSpec;
  readonly #directory: string;
  readonly #qmp: Qmp;
  readonly #waiting = new Map<string, { gone: () => void; refused: (error: Error) => void }>();

  constructor(spec: DomainSpec, directory: string, qmp: Qmp) {
    this.#spec = placeDevices(spec);
    this.#directory = directory;
    this.#qmp = qmp;
  }

  get spec(): DomainSpec {
    return this.#spec;
  }

  event({ event, data }: QmpEvent): void {
    const { device } = data;
    const waiting = typeof device === 'string' ? this.#waiting.get(device) : undefined;
    if (event === 'DEVICE_DELETED') waiting?.gone();
    if (event === 'DEVICE_UNPLUG_GUEST_ERROR')
      waiting?.refused(new Error('the guest refuses to give the device away'));
  }

  async attachDisk(disk: DomainDisk): Promise<void> {
    if (this.#spec.disks.some(({ name }) => name === disk.name)) return;
    const next = placeDevices({ ...this.#spec, disks: [...this.#spec.disks, disk] });
    const placed = next.disks.at(-1) ?? disk;
    if (placed.file) {
      await this.#qmp.execute('blockdev-add', blockNodeOptions(placed, placed.file));
    }
    try {
      await this.#qmp.execute('device_add', diskDevice(placed));
    } catch (error) {
      if (placed.file)
        await this.#qmp.execute('blockdev-del', { 'node-name': blockNode(disk.name) });
      throw error;
    }
    await this.#keep(next);
  }

  async detachDisk(name: string): Promise<void> {
    const disk = this.#spec.disks.find((one) => one.name === name);
    if (!disk) return;
    await this.#unplug(deviceId(name));
    if (disk.file) await deleteLayers(this.#qmp, name);
    await this.#keep({
      ...this.#spec,
      disks: this.#spec.disks.filter((one) => one.name !== name),
    });
  }

  /**
   * Puts a medium into a CD-ROM drive, or takes it out. What is in the drive is QEMU's to say: a former run may have
   * been cut off half way.
   */
  async changeMedium(name: string, file: DomainDisk['file']): Promise<void> {
    const drive = this.#spec.disks.find((disk) => disk.name === name);
    if (!drive) throw new Error(`the guest has no drive ${name}`);
    if (drive.file?.path === file?.path) return;
    const id = deviceId(name);
    const node = blockNode(name);
    await this.#withOpenTray('blockdev-remove-medium', { id });
    await this.#qmp.execute('blockdev-del', { 'node-name': node }).catch(ignoreRefusal);
    if (file) {
      await this.#qmp.execute('blockdev-add', blockNodeOptions(drive, file));
      await this.#withOpenTray('blockdev-insert-medium', { id, 'node-name': node });
    }
    await this.#qmp.execute('blockdev-close-tray', { id });
    const { file: _file, ...empty } = drive;
    const changed = file ? { ...drive, file } : empty;
    await this.#keep({
      ...this.#spec,
      disks: this.#spec.disks.map((disk) => (disk === drive ? changed : disk)),
    });
  }

  /** A guest that looks into a drive closes its tray, at any moment. */
  async #withOpenTray(command: string, drive: { id: string; 'node-name'?: string }): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#qmp.execute('blockdev-open-tray', { id: drive.id, force: true });
      try {
        await this.#qmp.execute(command, drive);
        return;
      } catch (error) {
        const wasClosed = error instanceof QmpError && error.message.includes('is not open');
        if (!wasClosed || attempt === TRAY_ATTEMPTS) throw error;
      }
    }
  }

  /** Tells of the file that a disk writes to now; whoever starts a guest from this one's domain is to find it. */
  async setFile(name: string, path: string): Promise<void> {
    await this.#keep({
      ...this.#spec,
      disks: this.#spec.disks.map((disk) =>
        disk.name === name ? { ...disk, file: { path, format: 'qcow2' } } : disk,
      ),
    });
  }

  /** Plugs in processors until the guest has so many sockets. */
  async plugSockets(sockets: number): Promise<void> {
    const { cpu } = this.#spec;
    const wanted = sockets * cpu.cores * cpu.threads;
    const all = (await this.#qmp.execute('query-hotpluggable-cpus')) as Cpu[];
    const place = ({ props }: Cpu) =>
      ['socket-id', 'die-id', 'core-id', 'thread-id'].map((key) => props[key] ?? 0);
    const byPlace = all
      .map((entry) => ({ entry, at: place(entry) }))
      .sort((a, b) => compare(a.at, b.at));
    for (const { entry, at } of byPlace.slice(0, wanted)) {
      if (entry['qom-path'] !== undefined) continue;
      const id = `cpu-${at.join('-')}`;
      await this.#qmp.execute('device_add', { driver: entry.type, id, ...entry.props });
    }
    await this.#keep({ ...this.#spec, cpu: { ...cpu, sockets } });
  }

  /** Gives the guest so much memory, or asks back what it got beyond that; not below its start. */
  async plugMemory(bytes: number): Promise<void> {
    const requestedBytes = Math.max(0, bytes - this.#spec.memoryBytes);
    const { hotplugMemory, maxMemoryBytes } = this.#spec;
    if (hotplugMemory) {
      const path = `/machine/peripheral/${memoryDevice}`;
      const property = 'requested-size';
      await this.#qmp.execute('qom-set', { path, property, value: requestedBytes });
      await this.#keep({ ...this.#spec, hotplugMemory: { ...hotplugMemory, requestedBytes } });
      return;
    }
    if (maxMemoryBytes === undefined)
      throw new Error('the guest was started without room for more memory');
    const place = freePort(this.#spec);
    const device = { requestedBytes, maxBytes: maxMemoryBytes - this.#spec.memoryBytes, place };
    await this.#qmp.execute('object-add', memoryBackendOptions(device));
    await this.#qmp.execute('device_add', memoryDeviceOptions(device));
    await this.#keep({ ...this.#spec, hotplugMemory: device });
  }

  /** Bytes that the guest has now. */
  async memoryBytes(): Promise<number> {
    const devices = (await this.#qmp.execute('query-memory-devices')) as {
      data: { size: number };
    }[];
    return devices.reduce((sum, { data }) => sum + data.size, this.#spec.memoryBytes);
  }

  async attachInterface(nic: DomainInterface): Promise<void> {
    if (this.#spec.interfaces.some(({ name }) => name === nic.name)) return;
    const placed = { ...nic, place: freePort(this.#spec) };
    // A backend may be left from a plug that QEMU refused.
    await this.#qmp.execute('netdev_del', { id: netdevOf(nic) }).catch(() => undefined);
    await rm(join(this.#directory, segmentSocket(nic.name)), { force: true });
    await this.#qmp.execute('netdev_add', segmentBackend(nic));
    try {
      await this.#qmp.execute('device_add', interfaceDevice(placed));
      if (nic.linkUp === false)
        await this.#qmp.execute('set_link', { name: nicId(nic.name), up: false });
    } catch (error) {
      await this.#qmp.execute('netdev_del', { id: netdevOf(nic) });
      throw error;
    }
    await this.#keep({ ...this.#spec, interfaces: [...this.#spec.interfaces, placed] });
  }

  async detachInterface(name: string): Promise<void> {
    const nic = this.#spec.interfaces.find((one) => one.name === name);
    if (!nic) return;
    await this.#unplug(nicId(name));
    await this.#qmp.execute('netdev_del', { id: netdevOf(nic) });
    await rm(join(this.#directory, segmentSocket(name)), { force: true });
    const interfaces = this.#spec.interfaces.filter((one) => one !== nic);
    await this.#keep({ ...this.#spec, interfaces });
  }

  /** Pulls the cables that are to be out when the guest starts: QEMU starts with all of them in. */
  async pullCables(): Promise<void> {
    for (const { name, linkUp } of this.#spec.interfaces) {
      if (linkUp === false) await this.#qmp.execute('set_link', { name: nicId(name), up: false });
    }
  }

  /** Plugs or pulls the cable of an interface. */
  async setLink(nic: string, up: boolean): Promise<void> {
    await this.#qmp.execute('set_link', { name: nicId(nic), up });
    await this.#keep({
      ...this.#spec,
      interfaces: this.#spec.interfaces.map((one) =>
        one.name === nic ? { ...one, linkUp: up } : one,
      ),
    });
  }

  async #unplug(id: string): Promise<void> {
    const deleted = new Promise<void>((resolve, reject) => {
      this.#waiting.set(id, { gone: resolve, refused: reject });
    });
    const timer = setTimeout(() => {
      this.#waiting.get(id)?.refused(new Error('the guest has not given the device away yet'));
    }, UNPLUG_TIMEOUT_MS);
    try {
      await Promise.all([deleted, this.#requestUnplug(id)]);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** A guest that has not booted yet may give a device away long after it was asked, also by a former run. */
  async #requestUnplug(id: string): Promise<void> {
    try {
      await this.#qmp.execute('device_del', { id });
    } catch (error) {
      if (!(error instanceof QmpError)) throw error;
      if (error.errorClass === 'DeviceNotFound') this.#waiting.get(id)?.gone();
      else if (!error.message.includes('in the process of unplug')) throw error;
    }
  }

  async #keep(spec: DomainSpec): Promise<void> {
    this.#spec = spec;
    await writeSpec(this.#directory, spec);
  }
}

/** Writes the domain of a guest to its folder; it is there whole or as before. */
export async function writeSpec(directory: string, spec: DomainSpec): Promise<void> {
  const path = join(directory, guestFiles.spec);
  await writeFile(`${path}.partial`, JSON.stringify(spec, undefined, 2), { mode: 0o600 });
  await rename(`${path}.partial`, path);
}

/** For what may be done already. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof QmpError)) throw error;
}

function compare(a: number[], b: number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
