// `npm run soak -- kill9 --rounds N`: kills a program that writes to a store, over and over.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const child = spawn(
  process.execPath,
  ['--import', 'tsx', 'cluster/test/apiserver/kill9/soak.ts', ...process.argv.slice(2)],
  { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'inherit' },
);
process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
