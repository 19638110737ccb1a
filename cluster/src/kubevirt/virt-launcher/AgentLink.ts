import { messageOf } from '../../client/messageOf.ts';
import type { AgentCommands, GuestAgentInfo } from './AgentCommands.ts';
import { GuestAgent } from './GuestAgent.ts';
import type { GuestEvent } from './GuestRuntime.ts';
import { guestFiles } from './qemuArguments.ts';

interface Dependencies {
  directory: string;
  /** Is the guest one that answers: not paused, not on its way? */
  isRunning: () => boolean;
  emit: (event: GuestEvent) => void;
  log: (text: string) => void;
}

/** The guest agent as it comes and goes: what may be asked of it now, and what is told of it. */
export class AgentLink {
  readonly #is: Dependencies;
  readonly #agent: GuestAgent;
  #connected = false;
  #info: GuestAgentInfo | undefined;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    const { directory, log } = dependencies;
    this.#agent = new GuestAgent(directory, guestFiles.agent, log);
  }

  /** As QEMU's `query-chardev` tells; emits nothing. */
  synchronise(devices: { label: string; 'frontend-open': boolean }[]): void {
    this.#connected = devices.some(
      (device) => device.label === 'agent0' && device['frontend-open'],
    );
  }

  changed(connected: boolean): void {
    if (connected === this.#connected) return;
    this.#connected = connected;
    if (!connected) this.#agent.close();
    this.#is.emit({ type: 'agent', connected });
  }

  get commands(): AgentCommands | undefined {
    return this.#connected && this.#is.isRunning() ? this.#agent : undefined;
  }

  async info(): Promise<GuestAgentInfo | undefined> {
    if (!this.#connected) return undefined;
    // A stopped guest does not answer; what it said before still holds.
    if (this.#is.isRunning()) this.#info = await this.#agent.info();
    return this.#info;
  }

  async freeze(timeoutSeconds: number): Promise<void> {
    try {
      await this.#must().freeze(timeoutSeconds);
    } catch (error) {
      const message = messageOf(error);
      this.#is.emit({ type: 'freeze-failed', message });
      throw error;
    }
    // Its status has changed: it is asked again.
    this.#is.emit({ type: 'agent', connected: true });
  }

  async thaw(): Promise<void> {
    await this.#must().thaw();
    this.#is.emit({ type: 'agent', connected: true });
  }

  /** Thaws a guest in time that a former run of the program froze. */
  followFreeze(): Promise<void> {
    return this.#agent.follow();
  }

  close(): void {
    this.#agent.close();
  }

  #must(): AgentCommands {
    if (this.commands) return this.commands;
    throw new Error('Guest agent is not responding: QEMU guest agent is not connected');
  }
}
