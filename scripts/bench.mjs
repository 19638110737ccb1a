// `npm run bench -- NAME ...`: prints `NAME: value unit` for each figure; all benchmarks without a name.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { build } from './build.mjs';
import { ensureDebianPackages } from './debianPackages.mjs';
import { runMain } from './progress.mjs';

await runMain(async () => {
  await ensureDebianPackages('guests', 'images', 'tests');
  await build();
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'benchmarks/run.ts', ...process.argv.slice(2)],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'inherit' },
  );
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
});
