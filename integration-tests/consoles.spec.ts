import type { Page } from '@playwright/test';

import { confirm, expect, takeAction, test, vmPath } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';
import { logIn, readScreen, runInGuest, screenOf, waitForLogin } from './screen.ts';

async function chooseDisplay(page: Page, choice: string): Promise<void> {
  await page.getByRole('button', { name: 'Display', exact: true }).click();
  await page.getByRole('menuitem', { name: choice }).click();
}

test('the screen shows the guest and takes what is typed', async ({ page, program, project }) => {
  await createVm(program, { name: 'mirror', namespace: project });
  await page.goto(vmPath(project, 'mirror', 'console'));
  const screen = screenOf(page, 'mirror');
  const letters = await waitForLogin(screen);
  const text = () => readScreen(screen, letters);
  await expect.poll(text).toContain('mirror login');

  await test.step('typing is echoed and its output seen', async () => {
    await screen.focus();
    await page.keyboard.type('root', { delay: 30 });
    await expect.poll(text).toMatch(/mirror login. root/);
    await page.keyboard.press('Enter');
    await expect.poll(text).toMatch(/^root.mirror/m);
    await page.keyboard.type('hostname', { delay: 30 });
    await page.keyboard.press('Enter');
    await expect.poll(text).toMatch(/^mirror$/m);
  });

  await test.step('text is typed for the user', async () => {
    await page.getByRole('button', { name: 'Type text' }).click();
    await page
      .getByRole('textbox', { name: 'Text to type into the guest' })
      .fill('echo clear water');
    await page.getByRole('button', { name: 'Start typing' }).click();
    await expect.poll(text).toMatch(/. ec.o clear water/);
    await screen.press('Enter');
    await expect.poll(text).toMatch(/^clear water$/m);
  });

  await test.step('the keyboard is given back', async () => {
    await screen.press('Control+Alt+g');
    await expect(page.getByRole('button', { name: 'Send keys' })).toBeFocused();
  });

  await test.step('the picture is scaled or of its own size', async () => {
    const width = async () => (await screen.boundingBox())?.width;
    await expect.poll(width).not.toBe(720);
    await chooseDisplay(page, 'Actual size');
    await expect.poll(width).toBe(720);
    await page.reload();
    await expect.poll(width, { timeout: 60_000 }).toBe(720);
    await chooseDisplay(page, 'For slow lines');
    await chooseDisplay(page, 'Fit to window');
    await expect.poll(width).not.toBe(720);
  });

  await test.step('it fills the whole screen', async () => {
    const whole = () =>
      page.evaluate(() => document.fullscreenElement?.getAttribute('aria-label') ?? '');
    await page.getByRole('button', { name: 'Full screen' }).click();
    await expect.poll(whole).toBe('VNC console of mirror');
    await page.getByRole('button', { name: 'Full screen' }).click();
    await expect.poll(whole).toBe('');
  });

  await test.step('Ctrl+Alt+Delete restarts the guest', async () => {
    await page.getByRole('button', { name: 'Send keys' }).click();
    await page.getByRole('menuitem', { name: 'Ctrl+Alt+Delete' }).click();
    await expect.poll(text).not.toContain('clear water');
    await expect.poll(text, { timeout: 60_000 }).toContain('mirror login');
  });
});

test('the serial line is a terminal', async ({ page, program, project }) => {
  await createVm(program, { name: 'line', namespace: project });
  await page.goto(vmPath(project, 'line', 'console'));
  await logIn(page, 'line');
  expect(await runInGuest(page, 'line', 'hostname')).toBe('line');
  expect(await runInGuest(page, 'line', 'expr 6 \\* 7')).toBe('42');

  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: '<42>' })).toHaveCount(0);
  expect(await runInGuest(page, 'line', 'echo still there')).toBe('still there');
});

test('two people do not take the screen from each other', async ({
  page,
  context,
  program,
  project,
}) => {
  await createVm(program, { name: 'shared', namespace: project });
  await page.goto(vmPath(project, 'shared', 'console'));
  await waitForLogin(screenOf(page, 'shared'));

  const other = await context.newPage();
  await other.goto(vmPath(project, 'shared', 'console'));
  await expect(other.getByText('Somebody else has this console open')).toBeVisible();
  await other.getByRole('button', { name: 'Watch only' }).click();
  const picture = other.getByRole('img', { name: /Screen of shared/ });
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(720);
  await other.getByRole('button', { name: 'End', exact: true }).click();
  await other.getByRole('button', { name: 'Take over' }).click();
  await waitForLogin(screenOf(other, 'shared'));
  await expect(page.getByText('Somebody else has this console open')).toBeVisible();
});

test('the screen comes back after a crash of the program and a restart of the guest', async ({
  page,
  ownProgram: program,
  project,
}) => {
  await createVm(program, { name: 'phoenix', namespace: project });
  await page.goto(vmPath(project, 'phoenix', 'console'));
  await waitForLogin(screenOf(page, 'phoenix'));

  await program.kill();
  await expect(page.getByText('The connection is lost.')).toBeVisible();
  await program.start();
  await waitForLogin(screenOf(page, 'phoenix'));

  await kubectl(program, ['delete', 'vmi', 'phoenix', '-n', project, '--grace-period=0']);
  await expect(page.getByText(/not running|is starting|Looking for/)).toBeVisible();
  await waitForLogin(screenOf(page, 'phoenix'));
});

test('the console goes along to a window of its own', async ({ page, program, project }) => {
  await createVm(program, { name: 'porch', namespace: project });
  await page.goto(vmPath(project, 'porch', 'console'));
  await waitForLogin(screenOf(page, 'porch'));

  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Own window' }).click();
  const own = await opened;
  await waitForLogin(screenOf(own, 'porch'));
  await expect(own).toHaveTitle(/porch · Console/);
  await expect(own.getByRole('banner')).toHaveCount(0);
  await expect(own.getByRole('navigation')).toHaveCount(0);
  await expect(page.getByText('It may be open in a window of its own.')).toBeVisible();

  await own.close();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await waitForLogin(screenOf(page, 'porch'));
});

test('the screen goes along with a live migration', async ({ page, program, project }) => {
  await createVm(program, { name: 'crane', namespace: project });
  const node = () =>
    kubectl(program, [
      ...['get', 'vmi', 'crane', '--namespace', project],
      ...['--output', 'jsonpath={.status.nodeName}'],
    ]);
  const before = await node();
  await page.goto(vmPath(project, 'crane', 'console'));
  const screen = screenOf(page, 'crane');
  const letters = await waitForLogin(screen);
  const text = () => readScreen(screen, letters);
  await screen.focus();
  await page.keyboard.type('root', { delay: 30 });
  await expect.poll(text).toMatch(/login. root/);

  await takeAction(page, 'crane', 'Migrate');
  await confirm(page, 'Migrate crane?', 'Migrate');
  await expect.poll(node, { timeout: 60_000 }).not.toBe(before);
  await expect(screen).toBeVisible();
  await expect(page.getByText('The console comes back by itself.')).toBeHidden();

  // The same guest: what was typed on the one node is entered on the other.
  await screen.focus();
  await page.keyboard.press('Enter');
  await expect.poll(text).toMatch(/^root.crane/m);
});
