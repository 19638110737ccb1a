import type { DomainDisk, DomainInterface, DomainSpec, Hotplug } from './GuestRuntime.ts';

/** What is plugged into a simulated guest is there at once, unless its name asks for a refusal. */
export class SimulatedHotplug implements Hotplug {
  spec: DomainSpec;

  constructor(spec: DomainSpec) {
    this.spec = spec;
  }

  attachDisk(disk: DomainDisk): Promise<void> {
    if (this.spec.name.includes('-refuses-disks')) {
      return Promise.reject(new Error('Its name asks for it (-refuses-disks)'));
    }
    const others = this.spec.disks.filter(({ name }) => name !== disk.name);
    return this.#change({ disks: [...others, disk] });
  }

  detachDisk(gone: string): Promise<void> {
    return this.#change({ disks: this.spec.disks.filter(({ name }) => name !== gone) });
  }

  changeMedium(drive: string, file: DomainDisk['file']): Promise<void> {
    const change = ({ file: _file, ...empty }: DomainDisk) => (file ? { ...empty, file } : empty);
    const disks = this.spec.disks.map((disk) => (disk.name === drive ? change(disk) : disk));
    return this.#change({ disks });
  }

  plugSockets(sockets: number): Promise<void> {
    return this.#change({ cpu: { ...this.spec.cpu, sockets } });
  }

  plugMemory(bytes: number): Promise<void> {
    const { memoryBytes, maxMemoryBytes = 0 } = this.spec;
    const requestedBytes = bytes - memoryBytes;
    return this.#change({ hotplugMemory: { requestedBytes, maxBytes: maxMemoryBytes, place: 0 } });
  }

  memoryBytes(): Promise<number> {
    return Promise.resolve(this.spec.memoryBytes + (this.spec.hotplugMemory?.requestedBytes ?? 0));
  }

  attachInterface(nic: DomainInterface): Promise<void> {
    const others = this.spec.interfaces.filter(({ name }) => name !== nic.name);
    return this.#change({ interfaces: [...others, nic] });
  }

  detachInterface(gone: string): Promise<void> {
    return this.#change({ interfaces: this.spec.interfaces.filter(({ name }) => name !== gone) });
  }

  setLink(name: string, up: boolean): Promise<void> {
    const interfaces = this.spec.interfaces.map((nic) =>
      nic.name === name ? { ...nic, linkUp: up } : nic,
    );
    return this.#change({ interfaces });
  }

  #change(change: Partial<DomainSpec>): Promise<void> {
    this.spec = { ...this.spec, ...change };
    return Promise.resolve();
  }
}
