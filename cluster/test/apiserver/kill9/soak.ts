import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { kill9 } from './kill9.ts';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '100' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
if (positionals.join() !== 'kill9' || !Number.isInteger(rounds) || rounds < 1) {
  console.error('Usage: npm run soak -- kill9 [--rounds NUMBER]   (default 100)');
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), 'virtdeck-soak-'));
const { acknowledged, faults } = await kill9(folder, rounds);
for (const fault of faults) console.error(fault);
console.log(
  `kill9: ${rounds} rounds, ${acknowledged} acknowledged writes, ${faults.length} faults`,
);
if (faults.length > 0) console.error(`The store is kept in ${folder}.`);
else await rm(folder, { recursive: true, force: true });
process.exitCode = faults.length > 0 ? 1 : 0;
