import { writeFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { AgentCommands, GuestAgentInfo } from './AgentCommands.ts';
import type {
  DomainInterface,
  DomainSpec,
  Guest,
  GuestEnd,
  GuestDisks,
  GuestEvent,
  GuestRuntime,
  GuestState,
  MigrationSettings,
} from './GuestRuntime.ts';
import { SimulatedHotplug } from './SimulatedHotplug.ts';
import { SimulatedMigration } from './SimulatedMigration.ts';
import { SimulatedAgent } from './SimulatedAgent.ts';

/** Time for the simulated guests; tests give one that they move themselves. */
export interface Clock {
  /** Calls back once after `ms`; the result cancels it. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

export interface SimulatedOptions {
  clock?: Clock;
  /** From `launch` to a running guest. */
  startMs?: number;
  /** From the power button to the guest's end. */
  shutdownMs?: number;
  /** From running to the guest agent's first word. */
  agentMs?: number;
  /** From the begin of a migration to its end. */
  migrateMs?: number;
}

type Ending = { end: GuestEnd; detail: string };

/**
 * Guests with the lifecycle of real ones and no processes: for tests of rules and of scale. A guest
 * costs an object, and one timer while it is on its way from one state to another. Nothing is kept:
 * after a new start of the program there are none.
 *
 * Failures are provoked by the name of the domain, which is a name that users choose:
 * - `-fails-to-start` in it: `launch` rejects.
 * - `-crashes`: the guest runs, and crashes at the time when its agent would come.
 * - `-ignores-shutdown`: the power button does nothing.
 * - `-no-agent`: there is never a guest agent.
 * - `-no-service`: nothing in the guest listens on any port, for probes.
 * - `-fails-to-arrive`: no node can make ready to receive it by migration.
 * - `-fails-to-migrate`: its migration begins and fails at the time when it would end.
 * - `-never-converges`: its migration goes on until it is cancelled.
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

  async receive(
    directory: string,
    fromDirectory: string,
    change: (nic: DomainInterface) => DomainInterface,
  ): Promise<Guest> {
    const source = this.#guests.get(fromDirectory);
    if (source === undefined) throw new Error(`No guest runs in ${fromDirectory}`);
    const { clock, startMs } = this.#options;
    await new Promise<void>((resolve) => clock.after(startMs, resolve));
    if (source.spec.name.includes('-fails-to-arrive'))
      throw new Error('The guest could not be started: its name asks for it (-fails-to-arrive)');
    const interfaces = source.spec.interfaces.map(change);
    const guest = new SimulatedGuest({ ...source.spec, interfaces }, this.#options, 'incoming');
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

class SimulatedGuest implements Guest {
  readonly pid = undefined;
  suspendedPaused = false;
  readonly hotplug: SimulatedHotplug;
  migration: SimulatedMigration | undefined;
  #options: Required<SimulatedOptions>;
  #state: GuestState;
  #end: Ending | undefined;
  #listeners = new Set<(event: GuestEvent) => void>();
  #agent = false;
  #commands: SimulatedAgent;
  #silent = false;
  /** Cancels the transition that is under way. */
  #cancel: () => void = () => undefined;

  constructor(spec: DomainSpec, options: Required<SimulatedOptions>, state: GuestState) {
    this.hotplug = new SimulatedHotplug(spec);
    this.#commands = new SimulatedAgent(spec);
    this.#options = options;
    this.#state = state;
    if (state === 'running') this.#boot();
  }

  get spec(): DomainSpec {
    return this.hotplug.spec;
  }

  get uid(): string {
    return this.spec.uid;
  }

  get state(): GuestState {
    return this.#state;
  }

  get end(): Ending | undefined {
    return this.#end;
  }

  attached(): this {
    this.#silent = false;
    return this;
  }

  subscribe(listener: (event: GuestEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pause(): Promise<void> {
    return act(() => {
      this.#mustLive();
      if (this.#state === 'paused') return;
      this.#cancel();
      this.#state = 'paused';
      this.#emit({ type: 'paused', reason: 'user' });
    });
  }

  resume(): Promise<void> {
    return act(() => {
      this.#mustLive();
      if (this.#state === 'running') return;
      this.#state = 'running';
      this.#emit({ type: 'resumed' });
      if (!this.#agent) this.#boot();
    });
  }

  reset(): Promise<void> {
    return act(() => {
      this.#mustLive();
      this.#setAgent(false);
      this.#emit({ type: 'reset' });
      if (this.#state === 'running') this.#boot();
    });
  }

  async softReboot(): Promise<void> {
    await this.reset();
    this.#emit({ type: 'soft-rebooted' });
  }

  powerdown(): Promise<void> {
    return act(() => {
      this.#mustLive();
      if (this.#state === 'paused' || this.#named('-ignores-shutdown')) return;
      this.#transition(this.#options.shutdownMs, () =>
        this.#finish({ end: 'shutdown', detail: 'The guest powered itself off' }),
      );
    });
  }

  destroy(): Promise<void> {
    return act(() => {
      this.#finish({ end: 'destroyed', detail: 'The guest was ended' });
    });
  }

  suspend(): Promise<void> {
    return act(() => {
      this.#silent = true;
      this.suspendedPaused = this.#state === 'paused';
      this.#finish({ end: 'destroyed', detail: 'The guest was ended' });
    });
  }

  detach(): void {
    this.#silent = true;
    this.#listeners.clear();
  }

  migrate(_toDirectory: string, { bandwidth }: MigrationSettings): Promise<SimulatedMigration> {
    this.migration = new SimulatedMigration({
      clock: this.#options.clock,
      totalBytes: this.spec.memoryBytes,
      bandwidth,
      leastMs: this.#options.migrateMs,
      fails: this.#named('-fails-to-migrate'),
      converges: !this.#named('-never-converges'),
      // It stands still until it is brought back or ended.
      onCompleted: () => {
        this.#cancel();
        this.#state = 'paused';
      },
    });
    return Promise.resolve(this.migration);
  }

  takeOver(run: boolean): Promise<void> {
    return act(() => {
      this.#mustLive();
      this.#state = run ? 'running' : 'paused';
      if (run) this.#boot();
    });
  }

  get agent(): AgentCommands | undefined {
    return this.#agent && this.#state === 'running' ? this.#commands : undefined;
  }

  agentInfo(): Promise<GuestAgentInfo | undefined> {
    return this.#agent ? this.#commands.info() : Promise.resolve(undefined);
  }

  freeze(): Promise<void> {
    return this.#setFrozen(true);
  }

  thaw(): Promise<void> {
    return this.#setFrozen(false);
  }

  async #setFrozen(frozen: boolean): Promise<void> {
    if (!this.#agent) {
      const message = 'Guest agent is not responding: QEMU guest agent is not connected';
      if (frozen) this.#emit({ type: 'freeze-failed', message });
      throw new Error(message);
    }
    await (frozen ? this.#commands.freeze() : this.#commands.thaw());
    this.#emit({ type: 'agent', connected: true });
  }

  openVnc(): Promise<Duplex> {
    return this.#hasNo('screen');
  }

  openSerial(): Promise<Duplex> {
    return this.#hasNo('serial line');
  }

  openUsbRedirection(): Promise<Duplex> {
    return this.#hasNo('USB');
  }

  readonly memory = { dump: (path: string) => writeFile(path, '') };
  readonly disks: GuestDisks = {
    snapshot: () => act(() => this.#mustLive()),
    resize: () => act(() => this.#mustLive()),
  };

  screenshot(): Promise<Buffer> {
    return this.#hasNo('screen');
  }

  statistics(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  openPort(): Promise<Duplex> {
    return this.#hasNo('network');
  }

  checkPort(port: number): Promise<void> {
    const closed = this.spec.name.includes('-no-service');
    return closed
      ? Promise.reject(new Error(`dial tcp :${port}: connect: connection refused`))
      : Promise.resolve();
  }

  #hasNo(what: string): Promise<never> {
    return Promise.reject(
      new Error(
        `A simulated guest has no ${what}. Start the cluster with real guests (--runtime qemu)`,
      ),
    );
  }

  #named(part: string): boolean {
    return this.spec.name.includes(part);
  }

  #boot(): void {
    this.#transition(this.#options.agentMs, () => {
      if (this.#named('-crashes'))
        this.#finish({ end: 'crashed', detail: 'Its name asks for it (-crashes)' });
      else if (!this.#named('-no-agent')) this.#setAgent(true);
    });
  }

  #setAgent(connected: boolean): void {
    if (this.#agent === connected) return;
    this.#agent = connected;
    this.#emit({ type: 'agent', connected });
  }

  #transition(ms: number, act: () => void): void {
    this.#cancel();
    this.#cancel = this.#options.clock.after(ms, act);
  }

  #finish(ending: Ending): void {
    if (this.#state === 'ended') return;
    this.#cancel();
    this.migration?.fail('the guest ended during the migration');
    this.#state = 'ended';
    this.#end = ending;
    this.#emit({ type: 'ended', ...ending });
  }

  #mustLive(): void {
    if (this.#state === 'ended') throw new Error('The guest has ended');
  }

  #emit(event: GuestEvent): void {
    if (this.#silent) return;
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** What throws in it rejects. */
function act(what: () => void): Promise<void> {
  return new Promise((resolve) => {
    what();
    resolve();
  });
}
