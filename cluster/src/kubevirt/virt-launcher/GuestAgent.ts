import type { Socket } from 'node:net';
import { connectInDirectory } from './connectInDirectory.ts';
import type { GuestAgentInfo } from './GuestRuntime.ts';

const ANSWER_TIMEOUT_MS = 5000;

interface AgentInterface {
  name: string;
  'hardware-address'?: string;
  'ip-addresses'?: { 'ip-address': string; prefix: number }[];
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

/** Talks to qemu-guest-agent in the guest, through the channel's socket `name` in `directory`. */
export class GuestAgent {
  #directory: string;
  #name: string;
  #socket: Socket | undefined;
  #buffer = '';
  #receive: (message: Record<string, unknown>) => void = () => undefined;
  #asking: Promise<GuestAgentInfo> | undefined;

  constructor(directory: string, name: string) {
    this.#directory = directory;
    this.#name = name;
  }

  /** What the agent tells of its guest; callers at the same time share one round of questions. */
  info(): Promise<GuestAgentInfo> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #ask(): Promise<GuestAgentInfo> {
    try {
      if (this.#socket === undefined) await this.#connect();
      const os = (await this.#execute('guest-get-osinfo')) as AgentOs;
      const name = (await this.#execute('guest-get-host-name')) as { 'host-name'?: string };
      const interfaces = (await this.#execute('guest-network-get-interfaces')) as AgentInterface[];
      return toInfo(os, name['host-name'], interfaces);
    } catch (error) {
      // The stream may hold half an answer: the next question starts on a new connection.
      this.close();
      throw error;
    }
  }

  async #connect(): Promise<void> {
    const socket = await connectInDirectory(this.#directory, this.#name);
    this.#socket = socket;
    this.#buffer = '';
    // Bytes, not UTF-8: the sentinel of guest-sync-delimited is 0xff.
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#data(chunk));
    socket.on('error', () => undefined); // 'close' follows.
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    const id = Math.floor(Math.random() * 0x7fff_ffff);
    await this.#execute('guest-sync-delimited', { id }, (answer) => answer === id);
  }

  #data(chunk: string): void {
    const lines = (this.#buffer + chunk).split('\n');
    this.#buffer = lines.pop() ?? '';
    for (const line of lines) {
      const text = Buffer.from(line.slice(line.lastIndexOf('\xff') + 1), 'latin1').toString('utf8');
      const message = parse(text);
      if (message !== undefined) this.#receive(message);
    }
  }

  #execute(
    command: string,
    args?: Record<string, unknown>,
    isAnswer: (value: unknown) => boolean = () => true,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#receive = () => undefined;
        act();
      };
      const timer = setTimeout(
        () => settle(() => reject(new Error(`The guest agent gave no answer to ${command}`))),
        ANSWER_TIMEOUT_MS,
      );
      this.#receive = (message) => {
        if ('error' in message && args === undefined) {
          const { desc } = message['error'] as { desc: string };
          settle(() => reject(new Error(`The guest agent refused ${command}: ${desc}`)));
        } else if (isAnswer(message['return'])) {
          settle(() => resolve(message['return']));
        }
      };
      const request = JSON.stringify({ execute: command, ...(args && { arguments: args }) });
      const sentinel = args === undefined ? '' : '\xff';
      this.#socket?.write(`${sentinel}${request}\n`, 'latin1');
    });
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined; // The rest of an answer to a former connection.
  }
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
  };
}
