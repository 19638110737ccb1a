import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type Ending, endings, shutdownEnding } from './endings.ts';
import type { AgentCommands, GuestAgentInfo } from './AgentCommands.ts';
import { AgentLink } from './AgentLink.ts';
import type {
  DomainSpec,
  Guest,
  GuestEvent,
  GuestState,
  MigrationSettings,
  OutgoingMigration,
} from './GuestRuntime.ts';
import type { GuestStatistics } from './GuestStatistics.ts';
import { PortForwards } from './PortForwards.ts';
import { panicOf } from './panicOf.ts';
import { ioErrorText, pauseReason, type PauseReason } from './pauseReason.ts';
import { guestFiles } from './qemuArguments.ts';
import { launcherLog, type QemuProcess } from './QemuProcess.ts';
import { powerdownWithin } from './powerdownWithin.ts';
import type { Qmp, QmpEvent } from './Qmp.ts';
import { QemuDisks } from './QemuDisks.ts';
import { QemuConsoles } from './QemuConsoles.ts';
import { QemuHotplug } from './QemuHotplug.ts';
import { QemuMemory } from './QemuMemory.ts';
import { QemuMirrors } from './QemuMirrors.ts';
import { type Outgoing, QemuMigration } from './QemuMigration.ts';
import { QemuStatistics } from './QemuStatistics.ts';
import { memoryArrived, saveMemory } from './savedMemory.ts';

const QUIT_TIMEOUT_MS = 3000;
type ChardevInfo = Parameters<AgentLink['synchronise']>[0][number];
/** QEMU closes its monitor a moment before its process is gone. */
const LAST_BREATH_MS = 5000;

/** A guest in a QEMU process, followed through its monitor. */
export class QemuGuest implements Guest {
  readonly hotplug: QemuHotplug;
  #process: QemuProcess;
  #qmp: Qmp;
  #forwards: PortForwards;
  #agent: AgentLink;
  #statistics: QemuStatistics;
  #consoles: QemuConsoles;
  readonly disks: QemuDisks;
  readonly #outgoing: Outgoing;
  readonly memory: QemuMemory;
  #state: GuestState;
  #migration: QemuMigration | undefined;
  /** Why it is about to end; the first reason counts. */
  #reason: Ending | undefined;
  #end: Ending | undefined;
  #ended: Promise<void> | undefined;
  #listeners = new Set<(event: GuestEvent) => void>();
  #silent = false;
  /** How often it was heard that it goes on. */
  #resumes = 0;
  /** Its power button was pressed so that it starts again. */
  #rebooting = false;

  /** One that is incoming is not to run before it is taken over. */
  constructor(spec: DomainSpec, process: QemuProcess, qmp: Qmp, state: GuestState = 'paused') {
    this.#state = state;
    const { directory } = process;
    this.hotplug = new QemuHotplug(spec, directory, qmp);
    this.#process = process;
    this.#qmp = qmp;
    this.#forwards = new PortForwards(qmp, spec.interfaces, (text) => this.#log(text));
    const log = (text: string) => this.#log(text);
    this.#statistics = new QemuStatistics(qmp);
    this.memory = new QemuMemory(qmp);
    const isRunning = () => this.#state === 'running';
    this.#agent = new AgentLink({ directory, isRunning, log, emit: (event) => this.#emit(event) });
    this.disks = new QemuDisks(qmp, (disk, path) => this.hotplug.setFile(disk, path));
    this.#outgoing = { qmp, mirrors: new QemuMirrors(qmp, this.disks), spec };
    this.#consoles = new QemuConsoles(spec, directory, qmp, (text) => this.#log(text));
    qmp.onEvent = (event) => this.#event(event);
    qmp.onClose = () => void this.#finish();
  }

  /** Looks up how the guest is; needed once after the monitor was connected. Returns QEMU's run state. */
  async synchronise(): Promise<string> {
    const { status } = (await this.#qmp.execute('query-status')) as { status: string };
    this.#agent.synchronise((await this.#qmp.execute('query-chardev')) as ChardevInfo[]);
    if (this.#state !== 'incoming') this.#state = status === 'running' ? 'running' : 'paused';
    this.#migration ??= await QemuMigration.find(this.#outgoing, status);
    if (status === 'shutdown') await this.#quit(endings.shutdown);
    if (status === 'guest-panicked') await this.#quit(endings.panic);
    return status;
  }

  /** Opens the domain's ports and lets it run, unless it is to start paused. */
  async begin(run: boolean): Promise<void> {
    await this.hotplug.pullCables();
    await this.#forwards.openNamed();
    if (run) await this.resume();
  }

  get spec(): DomainSpec {
    return this.hotplug.spec;
  }

  get uid(): string {
    return this.spec.uid;
  }

  get pid(): number | undefined {
    return this.#end === undefined ? this.#process.pid : undefined;
  }

  get state(): GuestState {
    return this.#state;
  }

  get end(): Ending | undefined {
    return this.#end;
  }

  subscribe(listener: (event: GuestEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async pause(): Promise<void> {
    await this.#qmp.execute('stop');
    this.#paused('user');
  }

  async resume(): Promise<void> {
    await this.#qmp.execute('cont');
    this.#resumed();
  }

  async reset(): Promise<void> {
    await this.#qmp.execute('system_reset');
  }

  async softReboot(): Promise<void> {
    this.#rebooting ||= !this.agent;
    await (this.agent ? this.agent.reboot() : this.powerdown());
    this.#emit({ type: 'soft-rebooted' });
  }

  async powerdown(): Promise<void> {
    await this.#qmp.execute('system_powerdown');
  }

  async destroy(): Promise<void> {
    await this.#quit(endings.destroyed);
  }

  async suspend(graceMs: number): Promise<void> {
    this.#silent = true;
    if (this.#state === 'ended') return;
    await this.#migration?.cancel();
    const migrated = (await this.#migration?.end)?.outcome === 'completed';
    if (migrated && !(await this.#comeBack())) {
      // It runs on another node: nothing is to be kept here.
    } else if (this.#state === 'paused') {
      await saveMemory(this.#process.directory, this.#qmp);
    } else {
      await powerdownWithin(graceMs, this.#process, this.#qmp);
    }
    await this.#quit(endings.destroyed);
  }

  /** Goes on after it was sent away; false when its target has the disks and runs. */
  async #comeBack(): Promise<boolean> {
    try {
      await this.resume();
      return true;
    } catch (error) {
      this.#log(`it does not come back: ${String(error)}`);
      return false;
    }
  }

  detach(): void {
    this.#silent = true;
    this.#qmp.close();
    this.#closeStreams();
  }

  get migration(): OutgoingMigration | undefined {
    return this.#migration;
  }

  async migrate(toDirectory: string, settings: MigrationSettings): Promise<OutgoingMigration> {
    const to = { directory: this.#process.directory, toDirectory, settings };
    this.#log(`migration to ${toDirectory} begins`);
    return (this.#migration = await QemuMigration.begin(this.#outgoing, to));
  }

  async takeOver(run: boolean): Promise<void> {
    await memoryArrived(this.#qmp);
    this.#state = 'paused';
    if (run) await this.resume();
    await rm(join(this.#process.directory, guestFiles.incoming), { force: true });
    await this.#forwards.openNamed();
    await this.synchronise();
  }

  agentInfo(): Promise<GuestAgentInfo | undefined> {
    return this.#agent.info();
  }

  get agent(): AgentCommands | undefined {
    return this.#agent.commands;
  }

  freeze(timeoutSeconds: number): Promise<void> {
    return this.#agent.freeze(timeoutSeconds);
  }

  thaw = (): Promise<void> => this.#agent.thaw();

  /** Thaws it in time if a former run of the program froze it. */
  followFreeze = () => this.#agent.followFreeze();

  openVnc(preserve = false): Promise<Duplex> {
    return this.#consoles.openVnc(preserve);
  }

  openSerial(): Promise<Duplex> {
    return this.#consoles.openSerial();
  }

  openUsbRedirection(): Promise<Duplex> {
    return this.#consoles.openUsbRedirection();
  }

  screenshot(): Promise<Buffer> {
    return this.#consoles.screenshot();
  }

  statistics(): Promise<GuestStatistics | undefined> {
    return this.#statistics.read(this.pid, this.spec);
  }

  openPort(port: number): Promise<Duplex> {
    return this.#forwards.connect(port);
  }

  checkPort(port: number, timeoutMs: number): Promise<void> {
    return this.#forwards.check(port, timeoutMs);
  }

  #event({ event, data }: QmpEvent): void {
    switch (event) {
      case 'STOP':
        void this.#stopped();
        break;
      case 'RESUME':
        this.#resumed();
        break;
      case 'RESET':
        this.#emit({ type: 'reset' });
        break;
      case 'SHUTDOWN':
        void this.#shutDown(String(data['reason']));
        break;
      case 'GUEST_PANICKED':
        this.#emit({ type: 'panicked', ...panicOf(data) });
        void this.#quit(endings.panic);
        break;
      case 'WATCHDOG':
        this.#log(`watchdog: ${String(data['action'])}`);
        if (data['action'] === 'poweroff') this.#reason ??= endings.watchdog; // QEMU just ends.
        break;
      case 'BLOCK_IO_ERROR':
        this.#log(ioErrorText(data));
        break;
      case 'DEVICE_DELETED':
      case 'DEVICE_UNPLUG_GUEST_ERROR':
        this.hotplug.event({ event, data });
        break;
      case 'MIGRATION':
        this.#migration?.changed(String(data['status']));
        break;
      case 'VSERPORT_CHANGE':
        if (data['id'] === 'agent0') this.#agent.changed(data['open'] === true);
        break;
    }
  }

  async #shutDown(reason: string): Promise<void> {
    if (!this.#rebooting || reason !== 'guest-shutdown') return this.#quit(shutdownEnding(reason));
    this.#rebooting = false;
    await this.#qmp.execute('system_reset');
    await this.#qmp.execute('cont');
  }

  async #stopped(): Promise<void> {
    try {
      const resumes = this.#resumes;
      const reason = await pauseReason(this.#qmp, this.#migration?.holds);
      // The answer may be read together with the news that it goes on, and be old then.
      if (reason && resumes === this.#resumes) this.#paused(reason);
    } catch (error) {
      // It stopped because it ends: that arrives as an event of its own.
      if (!this.#qmp.closed) this.#log(`after STOP: ${String(error)}`);
    }
  }

  #paused(reason: PauseReason): void {
    if (this.#state !== 'running') return;
    this.#state = 'paused';
    this.#emit({ type: 'paused', reason });
  }

  #resumed(): void {
    this.#resumes++;
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    this.#emit({ type: 'resumed' });
  }

  /** Ends the process for the given reason; resolves after it is gone. */
  async #quit(reason: Ending): Promise<void> {
    this.#reason ??= reason;
    if (!this.#qmp.closed) {
      // QEMU may be gone before it answers, which is what is wanted.
      await this.#qmp.execute('quit', {}, QUIT_TIMEOUT_MS).catch(() => undefined);
    }
    if (!(await this.#process.gone(QUIT_TIMEOUT_MS))) await this.#process.kill();
    await this.#finish();
  }

  /** The monitor is gone or the process has ended: settles how, once. */
  #finish(): Promise<void> {
    return (this.#ended ??= this.#settle());
  }

  async #settle(): Promise<void> {
    if (!(await this.#process.gone(LAST_BREATH_MS))) {
      this.#log('QEMU closed its monitor but goes on: it is ended');
      await this.#process.kill();
    }
    this.#closeStreams();
    this.#migration?.changed('ended');
    this.#qmp.close();
    this.#end = this.#reason ?? { end: 'crashed', detail: this.#process.crashDetail() };
    this.#state = 'ended';
    this.#log(`${this.#end.end}: ${this.#end.detail}`);
    this.#emit({ type: 'ended', ...this.#end });
  }

  #closeStreams(): void {
    this.#agent.close();
    this.#consoles.close();
  }

  #log(text: string): void {
    launcherLog(this.#process.directory, text);
  }

  #emit(event: GuestEvent): void {
    if (this.#silent) return;
    for (const listener of [...this.#listeners]) listener(event);
  }
}
