// Prepares a fresh clone with Node's own modules alone: checks Node and installs the npm packages.
// `npm start`, `npm test` and the others call it first, each time; nothing to do costs milliseconds.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runMain, step, UserError } from './progress.mjs';
import { run } from './run.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function checkNode() {
  const wanted = /(\d+)\.(\d+)/.exec(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node,
  );
  const have = process.versions.node.split('.').map(Number);
  const [major, minor] = [Number(wanted[1]), Number(wanted[2])];
  if (have[0] > major || (have[0] === major && have[1] >= minor)) return;
  throw new UserError(
    `Node ${process.versions.node} is too old: virtdeck needs ${major}.${minor} or later. Install it from Debian or from nodejs.org, then run the command again.`,
  );
}

async function installPackages() {
  const stamp = join(root, 'node_modules', '.virtdeck-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await step('Installing npm packages', () =>
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      // The tests use the browser that the system has.
      env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
    }),
  );
  writeFileSync(stamp, wanted);
}

await runMain(async () => {
  checkNode();
  await installPackages();
});
