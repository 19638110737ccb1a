import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `npm start` runs. */
const script = join(import.meta.dirname, '..', 'scripts', 'start.mjs');

export interface Ended {
  code: number | null;
  output: string;
}

/** Runs the program to its end, for starts that are refused. */
export async function runToEnd(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  await once(child, 'close');
  return { code: child.exitCode, output: output() };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}

/** The whole of virtdeck with its data in one folder; it can be ended and started again. */
export class Program {
  /** The address as the program printed it, with the key. */
  url = '';
  #child: ChildProcess | undefined;
  #output = () => '';

  constructor(
    readonly dataDir: string,
    /** Flags of `npm start` besides the folder and the port. */
    readonly flags: readonly string[] = ['--guest-images', 'micro'],
  ) {}

  get origin(): string {
    return new URL(this.url).origin;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get kubeconfig(): string {
    return join(this.dataDir, 'kubeconfig');
  }

  /** Resolves when the program says that it is ready. Started again it takes the same port. */
  async start(): Promise<void> {
    const port = this.url === '' ? 0 : this.port;
    const child = spawn(
      process.execPath,
      [script, '--data-dir', this.dataDir, '--port', String(port), ...this.flags],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child = child;
    this.#output = collect(child);
    this.url = await new Promise((resolve, reject) => {
      const look = () => {
        const url = /virtdeck is ready: (\S+)\n/.exec(this.#output())?.[1];
        if (url !== undefined) resolve(url);
      };
      child.stdout.on('data', look);
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(new Error(`the program ended with ${code ?? 'a signal'}:\n${this.#output()}`)),
      );
    });
  }

  /** Ends it as Ctrl-C does; gives the exit code. */
  async stop(): Promise<Ended> {
    const child = this.#running();
    child.kill('SIGINT');
    await once(child, 'exit');
    this.#child = undefined;
    return { code: child.exitCode, output: this.#output() };
  }

  /** Ends the program and the cluster's control plane at once, as a crash does. Guests are not theirs to kill. */
  async kill(): Promise<void> {
    const child = this.#running();
    const pid = child.pid ?? 0;
    for (const victim of [...childrenOf(pid), pid]) process.kill(victim, 'SIGKILL');
    await once(child, 'exit');
    this.#child = undefined;
  }

  /** Ends whatever is left, guests included. */
  async dispose(): Promise<void> {
    if (this.#child) await this.stop();
    for (const pid of this.guestPids()) process.kill(pid, 'SIGKILL');
  }

  /** Processes of the guests that run now. */
  guestPids(): number[] {
    return filesOf(join(this.dataDir, 'nodes'))
      .flatMap((node) => filesOf(join(node, 'guests')))
      .map((guest) => join(guest, 'pid'))
      .filter((file) => existsSync(file))
      .map((file) => Number(readFileSync(file, 'utf8')))
      .filter((pid) => existsSync(`/proc/${pid}`));
  }

  #running(): ChildProcess {
    const child = this.#child;
    if (child?.exitCode !== null) throw new Error(`the program ended:\n${this.#output()}`);
    return child;
  }
}

function filesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    // The name of the program, in parentheses, may contain spaces.
    const [, parent] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return Number(parent);
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}
