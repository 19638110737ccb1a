import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from './fixtures.ts';
import { runToEnd } from './program.ts';

const unused = join(tmpdir(), 'virtdeck-never-made');

test('a folder that is in use is not used twice', async ({ ownProgram: program }) => {
  const { code, output } = await runToEnd(['--data-dir', program.dataDir, '--port', '0']);
  expect(output).toContain(`virtdeck: Another virtdeck uses ${program.dataDir} already.`);
  expect(output).toContain('--data-dir DIR');
  expect(code).toBe(1);
});

test('a port that is in use is named', async ({ ownProgram: program }) => {
  const { code, output } = await runToEnd(['--data-dir', unused, '--port', String(program.port)]);
  expect(output).toContain(`virtdeck: Port ${program.port} of 127.0.0.1 is in use.`);
  expect(output).toContain('--port NUMBER');
  expect(code).toBe(1);
});

test('help names every option', async () => {
  const { code, output } = await runToEnd(['--help']);
  expect(code).toBe(0);
  for (const option of [
    ...['--port', '--data-dir', '--nodes', '--runtime', '--guest-images'],
    ...['--kubeconfig', '--context', '--help'],
  ]) {
    expect(output).toMatch(new RegExp(`^  ${option}\\b`, 'm'));
  }
});

for (const [args, complaint] of [
  [['--colour', 'blue'], "Unknown option '--colour'"],
  [['--port', 'http'], '--port must be a number from 0 to 65535, not "http".'],
  [['--context', 'work'], 'needs --kubeconfig FILE.'],
  [['--kubeconfig', '/nowhere'], 'There is no kubeconfig at /nowhere.'],
] as const) {
  test(`${args.join(' ')} is refused`, async () => {
    const { code, output } = await runToEnd(args);
    expect(output).toContain('virtdeck: ');
    expect(output).toContain(complaint);
    expect(output, 'no stack').not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });
}

test('without the key there is nothing to see', async ({
  ownProgram: program,
  playwright,
  browser,
}) => {
  const stranger = await playwright.request.newContext({ baseURL: program.origin });
  for (const [path, code] of [
    ['/', 401],
    ['/?key=guessed', 401],
    ['/api/kubernetes/api/v1/namespaces', 401],
    ['/api/plugins/virtdeck/plugin-manifest.json', 401],
  ] as const) {
    expect((await stranger.get(path)).status(), path).toBe(code);
  }
  await stranger.dispose();

  const page = await browser.newPage();
  const answer = await page.goto(program.origin);
  expect(answer?.status()).toBe(401);
  await expect(page.getByText('Open virtdeck by its printed address').last()).toBeVisible();
  await page.goto(program.url);
  await expect(page.getByRole('link', { name: 'virtdeck' })).toBeVisible();
  expect(page.url(), 'the key does not stay in the address').not.toContain('key=');
  await page.close();
});
