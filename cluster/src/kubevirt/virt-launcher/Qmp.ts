import type { Socket } from 'node:net';
import { connectInDirectory } from './connectInDirectory.ts';

/** An event of QEMU's monitor, as it came (`qapi` schema of QEMU names the fields). */
export interface QmpEvent {
  event: string;
  data: Record<string, unknown>;
}

/** QEMU understood the command and refused it; the message is QEMU's own. */
export class QmpError extends Error {
  readonly errorClass: string;
  constructor(command: string, errorClass: string, description: string) {
    super(`${command}: ${description}`);
    this.name = 'QmpError';
    this.errorClass = errorClass;
  }
}

interface Pending {
  command: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

const GREETING_TIMEOUT_MS = 10_000;
const COMMAND_TIMEOUT_MS = 20_000;

/** A client of QEMU's monitor (QMP): commands, and events to whoever listens. */
export class Qmp {
  onEvent: (event: QmpEvent) => void = () => undefined;
  /** Called once, when the monitor goes away; not called after `close`. */
  onClose: () => void = () => undefined;
  #socket: Socket;
  #buffer = '';
  #nextId = 1;
  #pending = new Map<number, Pending>();
  #greeted: () => void = () => undefined;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#receive(chunk));
    // The reason of an error is in what follows it: 'close' always comes, with the same effect.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#ended());
  }

  /** Connects to the monitor socket `name` in `directory` and ends its negotiation. */
  static async connect(directory: string, name: string): Promise<Qmp> {
    const socket = await connectInDirectory(directory, name);
    const qmp = new Qmp(socket);
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error('QEMU does not answer on its monitor')),
          GREETING_TIMEOUT_MS,
        );
        qmp.#greeted = () => {
          clearTimeout(timer);
          resolve();
        };
        qmp.onClose = () => {
          clearTimeout(timer);
          reject(new Error('QEMU closed its monitor'));
        };
      });
      qmp.onClose = () => undefined;
      await qmp.execute('qmp_capabilities');
    } catch (error) {
      qmp.close();
      throw error;
    }
    return qmp;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Runs a command and gives its `return`; rejects with QmpError, or Error when QEMU is gone or silent. */
  execute(
    command: string,
    args: Record<string, unknown> = {},
    timeoutMs = COMMAND_TIMEOUT_MS,
  ): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error(`${command}: QEMU has ended`));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Error(`${command}: QEMU gave no answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      this.#pending.set(id, { command, resolve, reject, timer });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
  }

  close(): void {
    this.onClose = () => undefined;
    this.#socket.destroy();
    this.#ended();
  }

  #receive(chunk: string): void {
    const lines = (this.#buffer + chunk).split('\n');
    this.#buffer = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') this.#message(line);
  }

  #message(line: string): void {
    const message = JSON.parse(line) as Record<string, unknown>;
    if ('QMP' in message) {
      this.#greeted();
    } else if (typeof message['event'] === 'string') {
      const data = (message['data'] ?? {}) as Record<string, unknown>;
      this.onEvent({ event: message['event'], data });
    } else if (typeof message['id'] === 'number') {
      this.#answer(message['id'], message);
    }
  }

  #answer(id: number, message: Record<string, unknown>): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if ('error' in message) {
      const error = message['error'] as { class: string; desc: string };
      pending.reject(new QmpError(pending.command, error.class, error.desc));
    } else {
      pending.resolve(message['return']);
    }
  }

  #ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(new Error(`${pending.command}: QEMU has ended`));
    }
    this.#pending.clear();
    this.onClose();
  }
}
