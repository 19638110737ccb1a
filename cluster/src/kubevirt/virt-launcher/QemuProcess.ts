import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guestFiles } from './qemuArguments.ts';

const POLL_MS = 20;
const TAIL_CHARACTERS = 2000;
/** What QEMU warns of at each start: the hub of the pod network has the way out and no interface. */
const harmless = /^warning: (TCG doesn't support|hub 0 with no nics)/;

/** The process of one guest: ours, or one that a former run of the program left. */
export class QemuProcess {
  readonly pid: number;
  readonly directory: string;
  /** How it ended, when it is our child and has ended. */
  exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;

  #child = false;

  private constructor(pid: number, directory: string) {
    this.pid = pid;
    this.directory = directory;
  }

  /**
   * Starts QEMU in a session of its own with its output in files, so that neither Ctrl-C in the
   * terminal nor the death of this program reaches it.
   */
  static start(program: string, args: string[], directory: string): Promise<QemuProcess> {
    return new Promise((resolve, reject) => {
      const output = openSync(join(directory, guestFiles.stderr), 'w', 0o600);
      const child = spawn(program, args, {
        cwd: directory,
        detached: true,
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      child.once('error', (error) =>
        reject(new Error(`QEMU could not be started: ${error.message}`, { cause: error })),
      );
      child.once('spawn', () => {
        child.unref();
        const started = new QemuProcess(child.pid ?? 0, directory);
        started.#child = true;
        child.once('exit', (code, signal) => (started.exit = { code, signal }));
        resolve(started);
      });
    });
  }

  /** The guest process that runs in `directory`; undefined when there is none. */
  static find(directory: string): QemuProcess | undefined {
    const text = readIfThere(join(directory, guestFiles.pid));
    const pid = Number.parseInt(text ?? '', 10);
    if (!Number.isInteger(pid)) return undefined;
    const found = new QemuProcess(pid, directory);
    return found.alive ? found : undefined;
  }

  /** Whether it still runs. A number alone proves nothing, it may be another program's by now. */
  get alive(): boolean {
    if (this.#child) return this.exit === undefined;
    // Empty for a process that has ended and waits for its parent.
    const commandLine = readIfThere(`/proc/${this.pid}/cmdline`) ?? '';
    if (!commandLine.includes('qemu')) return false;
    try {
      return readlinkSync(`/proc/${this.pid}/cwd`) === realpathSync(this.directory);
    } catch {
      return false; // It ended between the two looks.
    }
  }

  /** Waits for its end; false when it still runs after `timeoutMs`. */
  async gone(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (this.alive) {
      if (Date.now() > deadline) return false;
      await sleep(POLL_MS);
    }
    return true;
  }

  async kill(): Promise<void> {
    if (this.alive) process.kill(this.pid, 'SIGKILL');
    if (!(await this.gone(10_000)))
      throw new Error(`The guest's process ${this.pid} does not end, not even by SIGKILL`);
  }

  /** Why it ended when nobody asked for it, for people. */
  crashDetail(): string {
    const how =
      this.exit === undefined
        ? ''
        : ` (${this.exit.signal ?? `exit code ${String(this.exit.code ?? 'unknown')}`})`;
    const complaint = this.complaint();
    return `The guest's QEMU process ended unexpectedly${how}${complaint === '' ? '' : `: ${complaint}`}`;
  }

  /** What QEMU wrote last, for people; empty when it wrote nothing. */
  complaint(): string {
    const text = readIfThere(join(this.directory, guestFiles.stderr)) ?? '';
    return text
      .slice(-TAIL_CHARACTERS)
      .split('\n')
      .map((line) => line.replace(/^\S*qemu-system-\w+: (-\w+ \{.*\}: )?/, '').trim())
      .filter((line) => line !== '' && !harmless.test(line))
      .join('; ');
  }
}

/**
 * Adds a line to the guest's `launcher.log`, the place for what went wrong without ending the guest. A line that
 * cannot be written (the disk is full, the folder went with its guest) is lost: nothing of the guest waits for it.
 */
export function launcherLog(directory: string, text: string): void {
  try {
    appendFileSync(join(directory, guestFiles.log), `${new Date().toISOString()} ${text}\n`);
  } catch {
    // As said above.
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
