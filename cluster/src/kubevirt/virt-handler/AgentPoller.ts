import type { Clock, Timer } from '../../client/Clock.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { Informer } from '../../client/Informer.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { findCondition } from '../virt-controller/conditions.ts';
import type { AgentDetails } from '../virt-launcher/AgentCommands.ts';
import type { ConfigSources } from '../virt-launcher/ConfigSources.ts';
import type { Guest } from '../virt-launcher/GuestRuntime.ts';
import { agentProblem } from './agentProblem.ts';
import { CredentialSync } from './CredentialSync.ts';
import { withAgent, withCredentials } from './guestStatus.ts';
import type { VmiKey, VmiWriter } from './VmiWriter.ts';

interface Dependencies {
  volumes: { sources: ConfigSources };
  recorder: EventRecorder;
  vmis: Informer<VirtualMachineInstance>;
  writer: VmiWriter;
  clock: Clock;
  log: (message: string) => void;
}

const pollMs = 10_000;

/** Asks the guests' agents again and again what they know, and writes it into their VMIs. */
export class AgentPoller {
  readonly #is: Dependencies;
  readonly #timers = new Map<Guest, Timer>();
  readonly #credentials: CredentialSync;
  /** What the agent of each guest can do, asked when it connects. */
  readonly #commands = new WeakMap<Guest, AgentDetails['commands']>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    const { recorder, volumes } = dependencies;
    this.#credentials = new CredentialSync({ recorder, sources: volumes.sources });
  }

  follow(key: VmiKey, guest: Guest): void {
    const timer = this.#is.clock.setTimeout(() => void this.#poll(key, guest), pollMs);
    this.#timers.set(guest, timer);
  }

  async refresh(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    if (vmi.status?.phase !== 'Running' || guest.state !== 'running') return;
    const info = await guest.agentInfo();
    // A frozen guest is asked nothing.
    const problem =
      info && !info.frozen ? agentProblem(vmi, await this.#commandsOf(vmi, guest)) : undefined;
    await this.#is.writer.settle(vmi, (now) => withAgent(now, info, this.#is.clock.now(), problem));
    const synced = await this.#credentials.sync(vmi, guest);
    if (!synced) return;
    await this.#is.writer.settle(vmi, (now) => withCredentials(now, synced, this.#is.clock.now()));
  }

  async #commandsOf(vmi: VirtualMachineInstance, guest: Guest): Promise<AgentDetails['commands']> {
    const known = this.#commands.get(guest);
    if (known && findCondition(vmi.status?.conditions, 'AgentConnected')) return known;
    const { commands = [] } = (await guest.agent?.details()) ?? {};
    this.#commands.set(guest, commands);
    return commands;
  }

  async #poll(key: VmiKey, guest: Guest): Promise<void> {
    if (guest.state === 'ended' || !this.#timers.has(guest)) {
      this.#timers.delete(guest);
      return;
    }
    try {
      const vmi = this.#is.vmis.get(key);
      if (vmi?.metadata.uid === key.uid) await this.refresh(vmi, guest);
    } catch (error) {
      this.#is.log(`guest agent of ${key.name}: ${String(error)}`);
    }
    if (this.#timers.has(guest)) this.follow(key, guest);
  }

  forget(guest: Guest): void {
    const timer = this.#timers.get(guest);
    if (timer !== undefined) this.#is.clock.clearTimeout(timer);
    this.#timers.delete(guest);
  }

  close(): void {
    for (const guest of [...this.#timers.keys()]) this.forget(guest);
  }
}
