// `npm test`: everything, as continuous integration runs it.
import { build } from './build.mjs';
import { runChecks } from './checks.mjs';
import { ensureDebianPackages } from './debianPackages.mjs';
import { runMain } from './progress.mjs';
import { failureList, playwright, sum, summary, vitest } from './testRuns.mjs';

await runMain(async () => {
  await ensureDebianPackages('guests', 'images', 'tests');
  const results = [await runChecks(), await vitest('unit')];
  await build();
  for (const project of ['dist', 'contract', 'contract-https']) results.push(await vitest(project));
  results.push(await playwright());
  const total = sum(results);
  process.stdout.write(`${failureList(total)}${summary(total)}\n`);
  if (total.failed > 0) process.exitCode = 1;
});
