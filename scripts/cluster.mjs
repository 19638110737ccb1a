// Starts the local cluster alone: `npm run cluster -- --data-dir DIR --port N`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from './build.mjs';
import { ensureDebianPackages } from './debianPackages.mjs';
import { runMain } from './progress.mjs';
import { whenNpmIsGone } from './whenNpmIsGone.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const simulated = args.some(
  (arg, index) =>
    arg === '--runtime=simulated' || (arg === '--runtime' && args[index + 1] === 'simulated'),
);

await runMain(async () => {
  // The cluster sees us go, and leaves the guests running.
  whenNpmIsGone(() => process.exit(1));
  const runs = !['--help', 'backup', 'restore'].some((word) => args.includes(word));
  if (!simulated && runs) await ensureDebianPackages('guests', 'images');
  await build(['cluster']);
  const child = spawn(process.execPath, [join(root, 'cluster', 'dist', 'main.js'), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  // The terminal's Ctrl-C and npm's copy of it reach us; the cluster hears of it once, from here.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => {
    child.on('exit', (code) => resolve(code ?? 1));
  });
});
