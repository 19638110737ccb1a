import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

export const sum = (results) =>
  results.reduce(
    (total, { passed, failed, skipped, failures }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
      failures: [...total.failures, ...failures],
    }),
    { passed: 0, failed: 0, skipped: 0, failures: [] },
  );

/** What failed, each by its name and the beginning of what it says; nothing when nothing did. */
export const failureList = ({ failures }) =>
  failures.length === 0
    ? ''
    : `\nFailed:\n${failures.map(({ name, message }) => `- ${name}\n${excerpt(message)}`).join('')}\n`;

const excerptLines = 6;
const excerptWidth = 200;
const excerpt = (message) =>
  stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('/node_modules/'))
    .slice(0, excerptLines)
    .map((line) => `    ${line.slice(0, excerptWidth)}\n`)
    .join('');

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
function counted(name, code, file, read) {
  const broken = { name, message: `It ended with exit code ${code} and reported no failed test.` };
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, failures: [broken] };
  const result = read(JSON.parse(readFileSync(file, 'utf8')));
  return code !== 0 && result.failed === 0 ? { ...result, failed: 1, failures: [broken] } : result;
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
    return counted(project, code, file, (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.testResults.filter(failedToLoad).length,
      skipped: report.numPendingTests + report.numTodoTests,
      failures: report.testResults.flatMap(vitestFailures),
    }));
  });
}

function vitestFailures(file) {
  const where = relative(root, file.name);
  if (failedToLoad(file)) return [{ name: where, message: file.message }];
  return file.assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({
      name: `${where} › ${fullName}`,
      message: failureMessages.join('\n'),
    }));
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
    return counted('journeys', code, file, ({ stats, suites }) => ({
      passed: stats.expected,
      // A test that passed at the second try only is broken.
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
      failures: suites.flatMap(journeyFailures),
    }));
  });
}

function journeyFailures({ suites = [], specs }) {
  const own = specs
    .filter(({ ok, tests }) => !ok || tests.some(({ status }) => status === 'flaky'))
    .map(({ file, title, tests }) => ({
      name: `${file} › ${title}`,
      message: tests
        .flatMap(({ results }) => results.flatMap(({ errors }) => errors))
        .map(({ message }) => message)
        .join('\n'),
    }));
  return [...own, ...suites.flatMap(journeyFailures)];
}
