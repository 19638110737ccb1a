import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export const sum = (results) =>
  results.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/** `12 passed, 0 failed`, with the skipped ones when there are any. */
export const summary = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** Runs a program with its output on ours; gives its exit code. */
function show(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** A run that ends without a report has failed, whatever it says of itself. */
function counted(code, file, read) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const result = read(JSON.parse(readFileSync(file, 'utf8')));
  return code !== 0 && result.failed === 0 ? { ...result, failed: 1 } : result;
}

async function withReport(work) {
  const folder = mkdtempSync(join(tmpdir(), 'virtdeck-report-'));
  try {
    return await work(join(folder, 'report.json'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs one project of vitest: unit, dist, contract or contract-https. */
export function vitest(project) {
  return withReport(async (file) => {
    const code = await show(process.execPath, [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      ...['--project', project],
      ...['--reporter', 'default', '--reporter', 'json', `--outputFile.json=${file}`],
    ]);
    return counted(code, file, (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.testResults.filter(failedToLoad).length,
      skipped: report.numPendingTests + report.numTodoTests,
    }));
  });
}

const failedToLoad = ({ status, assertionResults }) =>
  status === 'failed' && assertionResults.every((test) => test.status !== 'failed');

/** Runs the journeys in the browser. */
export function playwright() {
  return withReport(async (file) => {
    mkdirSync(join(root, 'test-results'), { recursive: true });
    const code = await show(
      process.execPath,
      [join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'test'],
      { PLAYWRIGHT_JSON_OUTPUT_NAME: file },
    );
    return counted(code, file, ({ stats }) => ({
      passed: stats.expected,
      // A test that passed at the second try only is broken.
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
    }));
  });
}
