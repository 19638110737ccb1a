// The fast check: everything that needs no build, no guest and no browser.
import { runChecks } from './checks.mjs';
import { runMain } from './progress.mjs';
import { sum, summary, vitest } from './testRuns.mjs';

await runMain(async () => {
  const results = [await runChecks(), await vitest('unit')];
  const total = sum(results);
  process.stdout.write(`${summary(total)}\n`);
  if (total.failed > 0) process.exitCode = 1;
});
