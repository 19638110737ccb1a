import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Runs a cluster with guests of those names in a program of its own, and kills it by SIGKILL when all run.
 * Gives the guests' processes by name; they go on.
 */
export async function killCluster(
  dataDir: string,
  names: string[],
): Promise<Record<string, number>> {
  const program = new URL('guestsForever.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', program, dataDir, ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    child.kill('SIGKILL');
    await exit;
    return JSON.parse(line) as Record<string, number>;
  }
  throw new Error('the cluster ended before its guests ran');
}
