// `npm run soak -- kill9 --rounds N`: kills a program that writes to a store, over and over.
// `npm run soak -- faults --rounds N`: kills guests, the control plane and nodes, fills and breaks disks.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What each soak runs; the rounds of `faults` reach its test by the environment. */
const soaks = {
  kill9: {
    rounds: '100',
    args: (rounds) => [
      ...['--import', 'tsx', 'cluster/test/apiserver/kill9/soak.ts'],
      ...['kill9', '--rounds', rounds],
    ],
  },
  faults: {
    rounds: '3',
    args: () => [
      ...['node_modules/vitest/vitest.mjs', 'run', '--project', 'contract', 'cluster/test/faults'],
    ],
  },
};

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' } },
  allowPositionals: true,
});
const [name = '', ...rest] = positionals;
const soak = Object.hasOwn(soaks, name) && rest.length === 0 ? soaks[name] : undefined;
const rounds = values.rounds ?? soak?.rounds;
if (!soak || !/^[1-9]\d*$/.test(rounds)) {
  console.error('Usage: npm run soak -- kill9 | faults [--rounds NUMBER]');
  process.exit(2);
}
const child = spawn(process.execPath, soak.args(rounds), {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: { ...process.env, FAULT_ROUNDS: rounds },
});
process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
