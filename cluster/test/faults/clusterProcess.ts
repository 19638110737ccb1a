import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { onTestFinished } from 'vitest';

import type { Draft, KubeObject, ResourceRef } from '../../src/client/KubeClient.ts';

/** Runs a cluster in a program of its own, with these objects; it is killed at the latest when the test has finished. */
export function startProcess(
  dataDir: string,
  objects: [ResourceRef, Draft<KubeObject>][],
): ChildProcess {
  const program = new URL('clusterForever.ts', import.meta.url).pathname;
  const args = ['--import', 'tsx', program, dataDir, JSON.stringify(objects)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** As a power cut would. */
export async function killProcess(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
