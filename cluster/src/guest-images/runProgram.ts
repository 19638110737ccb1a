import { spawn } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Runs with the lowest priority. */
  nice?: boolean;
  /** Gets the program's standard output and error as they come, line by line. */
  onLine?: (line: string) => void;
}

const TAIL_LINES = 12;

/**
 * Runs a program to its end and gives its standard output. Rejects with the last lines that it wrote.
 * When the signal is aborted it is ended together with all that it started.
 */
export function runProgram(
  program: string,
  args: string[],
  options: RunOptions = {},
): Promise<string> {
  const { cwd, env, signal, nice, onLine } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new Error(`${program} was not started: cancelled`));
      return;
    }
    const command = nice === true ? ['nice', '-n', '19', program, ...args] : [program, ...args];
    // A process group of its own, so that its children end with it.
    const child = spawn(command[0] ?? program, command.slice(1), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
    });
    const output: Buffer[] = [];
    const tail: string[] = [];
    const follow = (chunk: Buffer): void => {
      for (const line of chunk.toString('utf8').split('\n')) {
        if (line.trim() === '') continue;
        tail.push(line.trim());
        if (tail.length > TAIL_LINES) tail.shift();
        onLine?.(line);
      }
    };
    const cancel = (): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    };
    signal?.addEventListener('abort', cancel, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      output.push(chunk);
      follow(chunk);
    });
    child.stderr.on('data', follow);
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT';
      reject(new Error(missing ? `${program} is not installed` : error.message, { cause: error }));
    });
    child.once('close', (code, killed) => {
      signal?.removeEventListener('abort', cancel);
      if (signal?.aborted === true) reject(new Error(`${program}: cancelled`));
      else if (code === 0) resolve(Buffer.concat(output).toString('utf8'));
      else reject(new Error(`${program} failed (${killed ?? String(code)}): ${tail.join('\n')}`));
    });
  });
}
