import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { step } from './progress.mjs';
import { run } from './run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** What a tool can check without running the programs; each is one test. The longest comes first. */
export const checks = [
  {
    name: 'eslint',
    command: [
      bin('eslint'),
      '--max-warnings',
      '0',
      '--cache',
      '--cache-location',
      '.cache/eslint',
      '.',
    ],
  },
  { name: 'types of the plugin', command: [bin('tsc'), '-p', '.'] },
  { name: 'types of the cluster', command: [bin('tsc'), '-p', 'cluster'] },
  { name: 'types of the standalone console', command: [bin('tsc'), '-p', 'standalone'] },
  {
    name: 'prettier',
    command: [
      bin('prettier'),
      '--check',
      '--cache',
      '--cache-location',
      '.cache/prettier',
      '--log-level',
      'warn',
      '.',
    ],
  },
  { name: 'knip', command: [bin('knip'), '--cache', '--cache-location', '.cache/knip'] },
  { name: 'texts', command: [process.execPath, 'scripts/i18n.mjs', '--check'] },
];

/** Checks that run side by side: as many as the machine that everything is made for has cores. */
const lanes = 2;

/** Runs all checks, prints what each that fails says, and counts. A result as those of testRuns.mjs. */
export async function runChecks() {
  const result = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const waiting = [...checks];
  await step('Checking types, style, unused code and texts', async (show) => {
    const lane = async () => {
      for (let check = waiting.shift(); check; check = waiting.shift()) {
        const { name, command } = check;
        show(name);
        try {
          await run(command[0], command.slice(1), { cwd: root, tail: 60 });
          result.passed++;
        } catch (error) {
          result.failed++;
          result.failures.push({ name, message: error.message });
        }
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  });
  for (const { name, message } of result.failures) {
    process.stdout.write(`FAILED ${name}\n${message}\n`);
  }
  return result;
}
