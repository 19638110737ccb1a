import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Figure, toSeconds } from './Figure.ts';

const root = join(import.meta.dirname, '..');

/** A fresh clone: the npm packages, then the build of everything. */
export async function install(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-bench-'));
  try {
    await run('git', ['clone', '--quiet', root, folder], root);
    const packages = await run(process.execPath, ['scripts/setup.mjs'], folder);
    const build = await run(process.execPath, ['scripts/build.mjs'], folder);
    return [
      { name: 'install', value: toSeconds(packages), unit: 's' },
      { name: 'build', value: toSeconds(build), unit: 's' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds that a command took. */
async function run(command: string, args: readonly string[], cwd: string): Promise<number> {
  const start = performance.now();
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
  return performance.now() - start;
}
