import { writeFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { AgentCommands, GuestAgentInfo } from './AgentCommands.ts';
import type {
  DomainSpec,
  Guest,
  GuestDisks,
  GuestEnd,
  GuestEvent,
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

/** A guest that is an object: what it does, and when, see `SimulatedRuntime`. */
export class SimulatedGuest implements Guest {
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
      converges: !this.#named('-never-converges') && !this.#named('-stays-held'),
      onHeld: () => {
        if (!this.#named('-stays-held')) return false;
        this.#cancel();
        this.#state = 'paused';
        this.#emit({ type: 'paused', reason: 'migration' });
        return true;
      },
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
      else if (this.#named('-disk-error')) this.#halt();
      else if (!this.#named('-no-agent')) this.#setAgent(true);
    });
  }

  /** As QEMU does when a disk reports an error. */
  #halt(): void {
    this.#state = 'paused';
    this.#emit({ type: 'paused', reason: 'io-error' });
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
