import type { Arrival, DomainSpec, Guest, GuestRuntime } from './GuestRuntime.ts';
import { type Clock, SimulatedGuest, type SimulatedOptions } from './SimulatedGuest.ts';

export const systemClock: Clock = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Guests with the lifecycle of real ones and no processes: for tests of rules and of scale. A guest
 * costs an object, and one timer while it is on its way from one state to another. Nothing is kept:
 * after a new start of the program there are none.
 *
 * Failures are provoked by the name of the domain, which is a name that users choose:
 * - `-fails-to-start` in it: `launch` rejects.
 * - `-crashes`: the guest runs, and crashes at the time when its agent would come.
 * - `-disk-error`: a disk reports an error at that time, and the guest stands still.
 * - `-ignores-shutdown`: the power button does nothing.
 * - `-no-agent`: there is never a guest agent.
 * - `-old-agent`: its agent lacks most of what is asked of one.
 * - `-refuses-keys`: its agent takes neither SSH keys nor passwords.
 * - `-refuses-disks`: no disk can be plugged into it.
 * - `-no-service`: nothing in the guest listens on any port, for probes.
 * - `-fails-to-arrive`: no node can make ready to receive it by migration.
 * - `-fails-to-migrate`: its migration begins and fails at the time when it would end.
 * - `-never-converges`: its migration goes on until it is cancelled.
 * - `-stays-held`: so does its migration, also when the guest is held for it.
 */
export class SimulatedRuntime implements GuestRuntime {
  readonly name = 'simulated';
  readonly acceleration = 'simulated';
  readonly version = 'simulated';
  #options: Required<SimulatedOptions>;
  #guests = new Map<string, SimulatedGuest>();

  constructor(options: SimulatedOptions = {}) {
    this.#options = {
      clock: systemClock,
      startMs: 200,
      shutdownMs: 200,
      agentMs: 500,
      migrateMs: 500,
      ...options,
    };
  }

  cpuModels(): Promise<readonly string[]> {
    return Promise.resolve(['Nehalem', 'Haswell', 'Skylake-Server', 'EPYC']);
  }

  async launch(directory: string, spec: DomainSpec): Promise<Guest> {
    const there = this.#guests.get(directory);
    if (there !== undefined && there.state !== 'ended')
      throw new Error(`A guest runs in ${directory} already`);
    const { clock, startMs } = this.#options;
    await new Promise<void>((resolve) => clock.after(startMs, resolve));
    if (spec.name.includes('-fails-to-start'))
      throw new Error('The guest could not be started: its name asks for it (-fails-to-start)');
    // One that was suspended while paused goes on paused, as with memory that was saved.
    const paused = spec.startPaused || there?.suspendedPaused === true;
    const guest = new SimulatedGuest(spec, this.#options, paused ? 'paused' : 'running');
    this.#keep(directory, guest);
    return guest;
  }

  async receive(directory: string, fromDirectory: string, arrival: Arrival): Promise<Guest> {
    const source = this.#guests.get(fromDirectory);
    if (source === undefined) throw new Error(`No guest runs in ${fromDirectory}`);
    const { clock, startMs } = this.#options;
    await new Promise<void>((resolve) => clock.after(startMs, resolve));
    if (source.spec.name.includes('-fails-to-arrive'))
      throw new Error('The guest could not be started: its name asks for it (-fails-to-arrive)');
    const interfaces = source.spec.interfaces.map(arrival.nic);
    const disks = source.spec.disks.map((disk) => {
      const moved = arrival.disks?.find(({ name }) => name === disk.name);
      return moved ? { ...disk, file: moved.file } : disk;
    });
    const spec = { ...source.spec, interfaces, disks };
    const guest = new SimulatedGuest(spec, this.#options, 'incoming');
    this.#keep(directory, guest);
    return guest;
  }

  #keep(directory: string, guest: SimulatedGuest): void {
    this.#guests.set(directory, guest);
    guest.subscribe((event) => {
      if (event.type === 'ended' && this.#guests.get(directory) === guest)
        this.#guests.delete(directory);
    });
  }

  /** Finds guests that were detached from in this program; a former one left none. */
  attach(directory: string): Promise<Guest | undefined> {
    const guest = this.#guests.get(directory);
    return Promise.resolve(guest?.state === 'ended' ? undefined : guest?.attached());
  }

  async end(directory: string): Promise<void> {
    await (await this.attach(directory))?.destroy();
  }
}
