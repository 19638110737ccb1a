import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { ObjectStore } from '../../../src/apiserver/storage/ObjectStore.ts';
import { stepFound } from './steps.ts';

export interface Kill9Result {
  readonly rounds: number;
  readonly acknowledged: number;
  /** What the store lost or made up; empty when all is well. */
  readonly faults: readonly string[];
}

const writers = 8;
const longestRun = 400;

/**
 * Lets a program write to one store and kills it with SIGKILL, over and over; after each death every
 * acknowledged write must be there, and nothing else but a write that was on its way.
 */
export async function kill9(directory: string, rounds: number): Promise<Kill9Result> {
  const done: Record<string, number> = {};
  for (let writer = 0; writer < writers; writer += 1) done[`w${writer}`] = 0;
  const faults: string[] = [];
  let total = 0;
  for (let round = 1; round <= rounds; round += 1) {
    total += await runAndKill(directory, done, 1 + Math.floor(Math.random() * longestRun));
    const store = new ObjectStore(directory);
    for (const [name, acknowledged] of Object.entries(done)) {
      const found = stepFound(store, name, acknowledged);
      if (found === undefined) {
        faults.push(`round ${round}: ${name} has not the state of step ${acknowledged}`);
      }
      done[name] = found ?? acknowledged;
    }
    await store.close();
    if (faults.length > 0) break;
  }
  return { rounds, acknowledged: total, faults };
}

/** Kills the writing program after so many acknowledgements; notes all that came before its death. */
async function runAndKill(
  directory: string,
  done: Record<string, number>,
  after: number,
): Promise<number> {
  const program = new URL('writeStore.ts', import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', program, directory, JSON.stringify(done)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [name = '', step = ''] = line.split(' ');
    done[name] = Number(step);
    count += 1;
    if (count === after) child.kill('SIGKILL');
  }
  if (count < after) throw new Error(`the writer ended by itself after ${count} writes`);
  return count;
}
