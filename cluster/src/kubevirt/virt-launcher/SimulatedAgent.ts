import {
  type AgentCommands,
  type AgentDetails,
  basicAgentCommands,
  type GuestAgentInfo,
  keyCommands,
  passwordCommand,
  type ProgramResult,
} from './AgentCommands.ts';
import type { DomainSpec } from './GuestRuntime.ts';

/** The agent of a guest without a process: it knows its domain, and has nothing to run programs on. */
export class SimulatedAgent implements AgentCommands {
  readonly #spec: DomainSpec;
  #frozen = false;

  constructor(spec: DomainSpec) {
    this.#spec = spec;
  }

  info(): Promise<GuestAgentInfo> {
    return Promise.resolve({
      hostname: this.#spec.hostname,
      os: { name: 'Simulated', id: 'simulated', prettyName: 'Simulated guest' },
      interfaces: this.#spec.interfaces.map((nic, index) => ({
        interfaceName: `eth${index}`,
        mac: nic.mac,
        addresses: [nic.address],
      })),
      frozen: this.#frozen,
    });
  }

  details(): Promise<AgentDetails> {
    const names = this.#spec.name.includes('-old-agent')
      ? ['guest-ping', 'guest-info']
      : [...basicAgentCommands, ...keyCommands, passwordCommand];
    const commands = names.map((name) => ({ name, enabled: true }));
    return Promise.resolve({ version: 'simulated', commands, timezone: 'UTC, 0' });
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  users() {
    return Promise.resolve([]);
  }

  filesystems() {
    return Promise.resolve([]);
  }

  interfaceCounters() {
    return Promise.resolve([]);
  }

  load() {
    return Promise.resolve(undefined);
  }

  frozen(): Promise<boolean> {
    return Promise.resolve(this.#frozen);
  }

  freeze(): Promise<void> {
    this.#frozen = true;
    return Promise.resolve();
  }

  thaw(): Promise<void> {
    this.#frozen = false;
    return Promise.resolve();
  }

  reboot(): Promise<void> {
    return Promise.resolve();
  }

  execute(command: string): Promise<ProgramResult> {
    return Promise.reject(new Error(`A simulated guest cannot run ${command}`));
  }

  setPassword(): Promise<void> {
    return this.#takeCredentials();
  }

  setSshKeys(): Promise<void> {
    return this.#takeCredentials();
  }

  #takeCredentials(): Promise<void> {
    return this.#spec.name.includes('-refuses-keys')
      ? Promise.reject(new Error('Its name asks for it (-refuses-keys)'))
      : Promise.resolve();
  }
}
