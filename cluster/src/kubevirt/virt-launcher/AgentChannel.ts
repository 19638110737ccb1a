import type { Socket } from 'node:net';
import { connectInDirectory } from './connectInDirectory.ts';

const ANSWER_TIMEOUT_MS = 5000;

type Message = Record<string, unknown>;

interface Question {
  command: string;
  args?: Record<string, unknown>;
  timeoutMs?: number;
  /** False for a command that has no answer when it succeeds, such as guest-shutdown. */
  answered?: boolean;
}

/**
 * The line to qemu-guest-agent in a guest: one question at a time, each with its answer. Connects when the
 * first is asked; after a failure the next one starts on a new connection, because the old one may hold
 * half an answer. Protocol: https://www.qemu.org/docs/master/interop/qemu-ga-ref.html.
 */
export class AgentChannel {
  readonly #directory: string;
  readonly #name: string;
  #socket: Socket | undefined;
  #buffer = '';
  #receive: (message: Message) => void = () => undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** `name`: the channel's socket in `directory`. */
  constructor(directory: string, name: string) {
    this.#directory = directory;
    this.#name = name;
  }

  /** The answer to a command; rejects with the agent's own words when it refuses. */
  ask(question: Question): Promise<unknown> {
    const answer = this.#turn.then(() => this.#askNow(question));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #askNow(question: Question): Promise<unknown> {
    try {
      if (this.#socket === undefined) await this.#connect();
      return await this.#exchange(question);
    } catch (error) {
      if (!(error instanceof Refused)) this.close();
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
    this.#write('\xff', { execute: 'guest-sync-delimited', arguments: { id } });
    // What else comes is the rest of an answer to a former connection.
    await this.#wait('guest-sync-delimited', ANSWER_TIMEOUT_MS, (message) =>
      message['return'] === id ? { value: id } : undefined,
    );
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

  #write(sentinel: string, message: Message): void {
    const text = Buffer.from(JSON.stringify(message), 'utf8').toString('latin1');
    this.#socket?.write(`${sentinel}${text}\n`, 'latin1');
  }

  async #exchange({
    command,
    args,
    timeoutMs = ANSWER_TIMEOUT_MS,
    answered = true,
  }: Question): Promise<unknown> {
    this.#write('', { execute: command, ...(args && { arguments: args }) });
    const read = (message: Message) => {
      if ('error' in message) {
        const { desc } = message['error'] as { desc: string };
        throw new Refused(`The guest agent refused ${command}: ${desc}`);
      }
      return { value: message['return'] };
    };
    if (answered) return this.#wait(command, timeoutMs, read);
    // Only a refusal is told; a moment is enough for it.
    return this.#wait(command, 500, read).catch((error: unknown) => {
      if (error instanceof Refused) throw error;
    });
  }

  /** The first message that `read` gives a value for. */
  #wait(
    command: string,
    timeoutMs: number,
    read: (message: Message) => { value: unknown } | undefined,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#receive = () => undefined;
        act();
      };
      const timer = setTimeout(
        () => settle(() => reject(new Error(`The guest agent gave no answer to ${command}`))),
        timeoutMs,
      );
      this.#receive = (message) => {
        try {
          const found = read(message);
          if (found) settle(() => resolve(found.value));
        } catch (error) {
          settle(() => reject(error instanceof Error ? error : new Error(String(error))));
        }
      };
    });
  }
}

/** The agent heard the command and will not do it; the line is as good as before. */
export class Refused extends Error {}

function parse(text: string): Message | undefined {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return undefined; // The rest of an answer to a former connection.
  }
}
