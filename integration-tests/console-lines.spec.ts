import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { confirm, expect, onOwnHost, takeAction, test, vmPath } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';
import type { Program } from './program.ts';
import { ClipboardPeer } from './rfb.ts';
import {
  logIn,
  readScreen,
  runInGuest,
  screenOf,
  serialLine,
  serialRows,
  waitForLogin,
} from './screen.ts';

async function search(page: Page, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Search the serial console' });
  await field.fill(text);
  await field.press('Enter');
}

test('the serial line is searched, copied, saved and resized', async ({
  page,
  context,
  program,
  project,
}) => {
  test.setTimeout(600_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await createVm(program, { name: 'line', namespace: project });
  await page.goto(`${vmPath(project, 'line', 'console')}?console=serial`);
  await logIn(page, 'line');
  // More than a screen, with something to look for at its beginning.
  await serialLine(page, 'line').pressSequentially(
    'for i in $(seq 1 200); do echo line-$i; done; echo needle-$((40 + 2))\n',
  );
  await expect(serialRows(page, 'line').filter({ hasText: 'needle-42' })).toBeVisible();

  await test.step('a search scrolls back to what is found, and marks it', async () => {
    await search(page, 'line-17');
    await expect(
      serialRows(page, 'line')
        .filter({ hasText: /^line-17\d$/ })
        .first(),
    ).toBeVisible();
    await expect(serialRows(page, 'line').filter({ hasText: 'needle-42' })).toHaveCount(0);
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await expect(page.getByText('Copied to the clipboard.')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('line-17');
    await search(page, 'nowhere to be found');
    await expect(page.getByText('No line has this text.')).toBeVisible();
  });

  await test.step('all of it is saved', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`${project}-line-serial.log`);
    const text = readFileSync(await file.path(), 'utf8');
    expect(text).toContain('\nline-1\n');
    expect(text).toContain('\nline-200\nneedle-42\n');
  });

  await test.step('a text is pasted', async () => {
    await page.evaluate(() => navigator.clipboard.writeText('echo from-$((3 * 3))-afar'));
    await page.getByRole('button', { name: 'Paste' }).click();
    await serialLine(page, 'line').press('Enter');
    await expect(serialRows(page, 'line').filter({ hasText: /^from-9-afar/ })).toBeVisible();
  });

  await test.step('the terminal takes the space that there is', async () => {
    const rows = await serialRows(page, 'line').count();
    await page.setViewportSize({ width: 1280, height: 1000 });
    await expect.poll(() => serialRows(page, 'line').count()).toBeGreaterThan(rows);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step('it stays logged in through a crash of the API and through a migration', async () => {
    await serialLine(page, 'line').pressSequentially('mark=kept; echo mark-$mark\n');
    await expect(serialRows(page, 'line').filter({ hasText: /^mark-kept/ })).toBeVisible();
    await onOwnHost(program, async () => {
      await program.kill();
      await expect(page.getByText('The connection is lost.')).toBeVisible();
      // What was there can still be read.
      await expect(serialRows(page, 'line').filter({ hasText: /^from-9-afar/ })).toBeVisible();
      await program.start();
    });
    await expect(page.getByText('Press Enter for a prompt.')).toBeVisible();
    expect(await runInGuest(page, 'line', 'echo $mark')).toBe('kept');

    const node = () =>
      kubectl(program, [
        ...['get', 'vmi', 'line', '--namespace', project],
        ...['--output', 'jsonpath={.status.nodeName}'],
      ]);
    const before = await node();
    await takeAction(page, 'line', 'Migrate');
    await confirm(page, 'Migrate line?', 'Migrate');
    await expect.poll(node, { timeout: 100_000 }).not.toBe(before);
    await expect(page.getByText('Press Enter for a prompt.')).toBeVisible();
    expect(await runInGuest(page, 'line', 'echo $mark')).toBe('kept');
  });

  await test.step('after a reboot somebody has to log in again', async () => {
    await serialLine(page, 'line').pressSequentially('clear; reboot\n');
    await expect(serialRows(page, 'line').filter({ hasText: 'line login:' }).last()).toBeVisible({
      timeout: 90_000,
    });
    // The prompt of the shell that ended is still there to read.
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect(serialRows(page, 'line').filter({ hasText: 'root@line:' })).toHaveCount(0);
    await logIn(page, 'line');
    expect(await runInGuest(page, 'line', 'echo ${mark:-new}')).toBe('new');
  });
});

test('a screen and a line come back when the network does', async ({
  page,
  context,
  program,
  project,
}) => {
  await createVm(program, { name: 'buoy', namespace: project });
  await page.goto(vmPath(project, 'buoy', 'console'));
  const letters = await waitForLogin(screenOf(page, 'buoy'));
  const last = await readScreen(screenOf(page, 'buoy'), letters);
  const lost = page.getByText('The connection is lost. The console comes back by itself.');

  await context.setOffline(true);
  await expect(lost).toBeVisible();
  // What was seen last can still be read, without its colours.
  const still = page.locator('canvas[data-still]');
  await expect(still).toBeVisible();
  expect(await readScreen(still, letters)).toBe(last);
  await expect(still).toHaveCSS('filter', /grayscale/);
  await context.setOffline(false);
  await expect(lost).toBeHidden();
  await waitForLogin(screenOf(page, 'buoy'));

  await logIn(page, 'buoy');
  await context.setOffline(true);
  await expect(lost).toBeVisible();
  await context.setOffline(false);
  await expect(lost).toBeHidden();
  expect(await runInGuest(page, 'buoy', 'hostname')).toBe('buoy');
});

/** Where QEMU listens for viewers of the one guest that has this name. */
function vncSocket(program: Program, uid: string): string {
  const nodes = join(program.dataDir, 'nodes');
  const found = readdirSync(nodes)
    .map((node) => join(nodes, node, 'guests'))
    .flatMap((guests) => readdirSync(guests).map((guest) => join(guests, guest)))
    .find((guest) => guest.includes(uid));
  if (found === undefined) throw new Error(`no guest ${uid}`);
  return join(found, 'vnc.sock');
}

test('a clipboard is shared with what listens to it', async ({
  page,
  ownProgram: program,
  project,
}) => {
  await createVm(program, { name: 'board', namespace: project });
  const uid = await kubectl(program, [
    ...['get', 'vmi', 'board', '--namespace', project],
    ...['--output', 'jsonpath={.metadata.uid}'],
  ]);
  await page.goto(vmPath(project, 'board', 'console'));
  await waitForLogin(screenOf(page, 'board'));
  // QEMU has one clipboard for all that speak to it: an agent of the guest, and other viewers. The
  // micro guest has no agent, so another viewer stands for it.
  const peer = await ClipboardPeer.connect(vncSocket(program, uid));
  try {
    await page.getByRole('button', { name: 'Clipboard' }).click();
    await expect(page.getByText('A guest shares its clipboard by an agent')).toBeVisible();
    peer.offer('from the guest');
    await expect(
      page.getByRole('textbox', { name: 'Clipboard of the guest', exact: true }),
    ).toHaveValue('from the guest');
    await page
      .getByRole('textbox', { name: 'Text for the clipboard of the guest' })
      .fill('from the browser');
    await page.getByRole('button', { name: 'Give to the guest' }).click();
    await expect.poll(() => peer.text).toBe('from the browser');
  } finally {
    peer.close();
  }
});
