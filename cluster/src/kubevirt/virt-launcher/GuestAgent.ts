import { AgentChannel, Refused } from './AgentChannel.ts';
import type {
  AgentCommands,
  AgentDetails,
  GuestAgentInfo,
  GuestFilesystem,
  GuestUser,
  InterfaceCounters,
  ProgramResult,
  TrafficCounters,
} from './AgentCommands.ts';
import { FreezeTimer } from './FreezeTimer.ts';

const POLL_MS = 100;

interface AgentInterface {
  name: string;
  'hardware-address'?: string;
  statistics?: Record<string, number>;
  'ip-addresses'?: { 'ip-address': string; prefix: number }[];
}

interface AgentFilesystem {
  name: string;
  mountpoint: string;
  type: string;
  'used-bytes'?: number;
  'total-bytes'?: number;
  disk?: { serial?: string; 'bus-type'?: string }[];
}

interface AgentProgram {
  exited: boolean;
  exitcode?: number;
  signal?: number;
  'out-data'?: string;
  'err-data'?: string;
}

type AgentOs = Partial<Record<(typeof osFields)[number][1], string>>;

const osFields = [
  ['name', 'name'],
  ['id', 'id'],
  ['version', 'version'],
  ['versionId', 'version-id'],
  ['prettyName', 'pretty-name'],
  ['kernelRelease', 'kernel-release'],
  ['kernelVersion', 'kernel-version'],
  ['machine', 'machine'],
] as const;

/** qemu-guest-agent in a guest, through the channel's socket `name` in the guest's folder `directory`. */
export class GuestAgent implements AgentCommands {
  readonly #channel: AgentChannel;
  readonly #freezing: FreezeTimer;
  #asking: Promise<GuestAgentInfo> | undefined;
  #known: GuestAgentInfo = { interfaces: [], frozen: false };

  constructor(directory: string, name: string, log: (text: string) => void) {
    this.#channel = new AgentChannel(directory, name);
    this.#freezing = new FreezeTimer(directory, () => this.thaw(), log);
  }

  /** What the agent tells of its guest; callers at the same time share one round of questions. */
  info(): Promise<GuestAgentInfo> {
    this.#asking ??= this.#askInfo().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  close(): void {
    this.#channel.close();
  }

  async #ask(command: string, args?: Record<string, unknown>): Promise<unknown> {
    return this.#channel.ask({ command, ...(args && { args }) });
  }

  /** The answer to a command that not every agent has; undefined from one that has it not. */
  async #askIfAble(command: string): Promise<unknown> {
    try {
      return await this.#ask(command);
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  async #askInfo(): Promise<GuestAgentInfo> {
    // A frozen guest answers nothing else; what it said before still holds.
    if (await this.frozen()) return { ...this.#known, frozen: true };
    const os = (await this.#askIfAble('guest-get-osinfo')) as AgentOs | undefined;
    const name = (await this.#askIfAble('guest-get-host-name')) as
      { 'host-name'?: string } | undefined;
    const interfaces = (await this.#askIfAble('guest-network-get-interfaces')) as
      AgentInterface[] | undefined;
    this.#known = toInfo(os ?? {}, name?.['host-name'], interfaces ?? []);
    return this.#known;
  }

  async details(): Promise<AgentDetails> {
    const info = (await this.#ask('guest-info')) as {
      version: string;
      supported_commands: { name: string; enabled: boolean }[];
    };
    const zone = (await this.#askIfAble('guest-get-timezone')) as
      { zone?: string; offset: number } | undefined;
    return {
      version: info.version,
      commands: info.supported_commands.map(({ name, enabled }) => ({ name, enabled })),
      timezone: zone ? `${zone.zone ?? ''}, ${zone.offset}` : '',
    };
  }

  async ping(): Promise<void> {
    await this.#ask('guest-ping');
  }

  async users(): Promise<GuestUser[]> {
    const users = (await this.#ask('guest-get-users')) as {
      user: string;
      domain?: string;
      'login-time': number;
    }[];
    return users.map(({ user, domain, 'login-time': loginTime }) => ({
      name: user,
      ...(domain !== undefined && { domain }),
      loginTime,
    }));
  }

  async filesystems(): Promise<GuestFilesystem[]> {
    const filesystems = (await this.#ask('guest-get-fsinfo')) as AgentFilesystem[];
    return filesystems.map((entry) => ({
      name: entry.name,
      mountPoint: entry.mountpoint,
      type: entry.type,
      usedBytes: entry['used-bytes'] ?? 0,
      totalBytes: entry['total-bytes'] ?? 0,
      disks: (entry.disk ?? []).map(({ serial, 'bus-type': busType }) => ({
        ...(serial !== undefined && { serial }),
        ...(busType !== undefined && { busType }),
      })),
    }));
  }

  async interfaceCounters(): Promise<InterfaceCounters[]> {
    const interfaces = (await this.#ask('guest-network-get-interfaces')) as AgentInterface[];
    return interfaces.flatMap(({ 'hardware-address': mac, statistics }) =>
      mac === undefined || statistics === undefined
        ? []
        : [{ mac, received: traffic(statistics, 'rx'), transmitted: traffic(statistics, 'tx') }],
    );
  }

  /** The agent of this QEMU has no command for it, but reads files. */
  async load(): Promise<readonly [number, number, number] | undefined> {
    let handle: unknown;
    try {
      handle = await this.#ask('guest-file-open', { path: '/proc/loadavg' });
    } catch {
      // There is no such file in it, or reading files is forbidden.
      return undefined;
    }
    try {
      const read = (await this.#ask('guest-file-read', { handle })) as { 'buf-b64': string };
      const text = Buffer.from(read['buf-b64'], 'base64').toString();
      const [one = NaN, five = NaN, fifteen = NaN] = text.split(' ').map(Number);
      return [one, five, fifteen].some(Number.isNaN) ? undefined : [one, five, fifteen];
    } finally {
      await this.#ask('guest-file-close', { handle });
    }
  }

  async frozen(): Promise<boolean> {
    return (await this.#askIfAble('guest-fsfreeze-status')) === 'frozen';
  }

  async freeze(timeoutSeconds: number): Promise<void> {
    if (await this.frozen()) return;
    await this.#freezing.start(timeoutSeconds);
    try {
      await this.#ask('guest-fsfreeze-freeze');
    } catch (error) {
      await this.#freezing.stop();
      throw error;
    }
  }

  async thaw(): Promise<void> {
    await this.#ask('guest-fsfreeze-thaw');
    await this.#freezing.stop();
  }

  /** Thaws a guest in time that was frozen before this program started. */
  follow(): Promise<void> {
    return this.#freezing.restore();
  }

  async reboot(): Promise<void> {
    await this.#channel.ask({
      command: 'guest-shutdown',
      args: { mode: 'reboot' },
      answered: false,
    });
  }

  async execute(command: string, args: string[], timeoutMs: number): Promise<ProgramResult> {
    const { pid } = (await this.#ask('guest-exec', {
      path: command,
      arg: args,
      'capture-output': true,
    })) as { pid: number };
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const program = (await this.#ask('guest-exec-status', { pid })) as AgentProgram;
      if (program.exited) {
        return {
          exitCode: program.exitcode ?? 128 + (program.signal ?? 0),
          output: outputOf(program),
        };
      }
      if (Date.now() > deadline) {
        throw new Error(`${command} did not end in the guest within ${timeoutMs / 1000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async setPassword(user: string, password: string): Promise<void> {
    await this.#ask('guest-set-user-password', {
      username: user,
      password: Buffer.from(password).toString('base64'),
      crypted: false,
    });
  }

  async setSshKeys(user: string, keys: string[]): Promise<void> {
    await this.#ask('guest-ssh-add-authorized-keys', { username: user, keys, reset: true });
  }
}

function traffic(counters: Record<string, number>, way: 'rx' | 'tx'): TrafficCounters {
  const of = (name: string) => counters[`${way}-${name}`] ?? 0;
  return { bytes: of('bytes'), packets: of('packets'), errors: of('errs'), dropped: of('dropped') };
}

function outputOf(program: AgentProgram): string {
  const text = (data: string | undefined) => Buffer.from(data ?? '', 'base64').toString();
  return text(program['out-data']) + text(program['err-data']);
}

function toInfo(
  os: AgentOs,
  hostname: string | undefined,
  interfaces: AgentInterface[],
): GuestAgentInfo {
  const known = osFields.flatMap(([ours, theirs]) => {
    const text = os[theirs];
    return text === undefined ? [] : [[ours, text] as const];
  });
  return {
    ...(hostname === undefined ? {} : { hostname }),
    os: Object.fromEntries(known),
    interfaces: interfaces.map((entry) => ({
      interfaceName: entry.name,
      mac: entry['hardware-address'] ?? '',
      addresses: (entry['ip-addresses'] ?? []).map((address) => address['ip-address']),
    })),
    frozen: false,
  };
}
