// `npm run picture`: makes the pictures of README and docs from a cluster of its own.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { build } from './build.mjs';
import { ensureDebianPackages } from './debianPackages.mjs';
import { runMain } from './progress.mjs';

await runMain(async () => {
  await ensureDebianPackages('guests', 'images', 'tests');
  await build();
  const child = spawn(process.execPath, ['--import', 'tsx', 'docs/pictures.ts'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  });
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
});
