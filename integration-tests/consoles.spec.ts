import { readFileSync } from 'node:fs';

import type { Page } from '@playwright/test';

import { confirm, expect, takeAction, test, vmPath } from './fixtures.ts';
import { createVm, kubectl, waitForStatus } from './kubectl.ts';
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

test('the tools of the screen do what they say', async ({ page, program, project }) => {
  // Encodings that the viewer has asked the server for (RFC 6143, section 7.5.2; those of Tight).
  const encodings = new Set<number>();
  page.on('websocket', (socket) => {
    if (!socket.url().includes('/vnc')) return;
    socket.on('framesent', ({ payload }) => {
      if (typeof payload === 'string' || payload.length < 4 || payload[0] !== 2) return;
      for (let at = 4; at + 4 <= payload.length; at += 4) encodings.add(payload.readInt32BE(at));
    });
  });
  await createVm(program, { name: 'tools', namespace: project });
  await page.goto(vmPath(project, 'tools', 'console'));
  const screen = screenOf(page, 'tools');
  const letters = await waitForLogin(screen);
  const text = () => readScreen(screen, letters);
  const panel = async () => {
    await page.getByRole('button', { name: 'Type text' }).click();
    return page.getByRole('textbox', { name: 'Text to type into the guest' });
  };
  const start = () => page.getByRole('button', { name: 'Start typing' }).click();

  await test.step('lines of text are typed, and entered', async () => {
    await (await panel()).fill('root\nclear\necho nice\necho moon');
    await page.getByRole('checkbox', { name: 'Press Enter at the end' }).check();
    await start();
    await expect.poll(text).toMatch(/^nice\n.*\nmoon$/m);
  });

  await test.step('keys are pressed where the layout of the guest has the letters', async () => {
    await (await panel()).fill('echo cool zqter');
    const layout = page.getByRole('combobox', { name: 'Keyboard layout of the guest' });
    await layout.selectOption('fr');
    await page.getByRole('checkbox', { name: 'Press Enter at the end' }).check();
    await start();
    // The guest has the layout of the United States: w and a lie where z and q do in France.
    await expect.poll(text).toMatch(/^cool water$/m);
    await panel();
    await layout.selectOption('us');
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('a secret is not shown, and slow is slow', async () => {
    await panel();
    await page.getByRole('checkbox', { name: 'Hide the text' }).check();
    const hidden = page.getByLabel('Text to type into the guest');
    await expect(hidden).toHaveAttribute('type', 'password');
    await hidden.fill('echo under a curtain');
    await page
      .getByRole('combobox', { name: 'Speed' })
      .selectOption('Slow, for guests that lose letters');
    await page.getByRole('checkbox', { name: 'Press Enter at the end' }).check();
    const started = Date.now();
    await start();
    await expect(page.getByText(/Typing, \d+ characters left/)).toBeVisible();
    await expect.poll(text).toMatch(/^under a curtain$/m);
    expect(Date.now() - started).toBeGreaterThan(20 * 80);
    expect(await page.content()).not.toContain('curtain');
    // It is not there either when the panel is opened again.
    await expect(await panel()).toHaveValue('');
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('Ctrl+C ends what runs', async () => {
    await screen.focus();
    await page.keyboard.type('clear; cat\n', { delay: 30 });
    await page.keyboard.type('echoed', { delay: 30 });
    await page.getByRole('button', { name: 'Send keys' }).click();
    await page.getByRole('menuitem', { name: 'Ctrl+C', exact: true }).click();
    await page.keyboard.type('hostname\n', { delay: 30 });
    await expect.poll(text).toMatch(/^tools$/m);
  });

  await test.step('a screenshot is a picture of the screen', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save screenshot' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`${project}-tools.png`);
    const png = readFileSync(await file.path());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([720, 400]);
  });

  await test.step('the server is asked for the quality that is chosen', async () => {
    const qualityOf = (level: number) => level - 32;
    const compressionOf = (level: number) => level - 256;
    expect(encodings).toContain(qualityOf(6));
    expect(encodings).not.toContain(qualityOf(2));
    await chooseDisplay(page, 'For slow lines');
    await expect.poll(() => encodings.has(qualityOf(2))).toBe(true);
    expect(encodings).toContain(compressionOf(9));
    await chooseDisplay(page, 'Sharp');
    await expect.poll(() => encodings.has(qualityOf(9))).toBe(true);
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

test('a guest without a screen begins with its serial line', async ({ page, program, project }) => {
  const vm = { name: 'bare', namespace: project };
  await createVm(program, { ...vm, runStrategy: 'Halted' });
  const devices = { autoattachGraphicsDevice: false };
  await kubectl(program, [
    ...['patch', 'vm', vm.name, '--namespace', project, '--type', 'merge', '--patch'],
    JSON.stringify({
      spec: { runStrategy: 'Always', template: { spec: { domain: { devices } } } },
    }),
  ]);
  await waitForStatus(program, vm, 'Running');
  await page.goto(vmPath(project, vm.name, 'console'));
  await logIn(page, vm.name);
  expect(await runInGuest(page, vm.name, 'hostname')).toBe(vm.name);
  await expect(page.getByRole('button', { name: 'Screen (VNC)' })).toHaveCount(0);
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
  // It follows what the viewer does, and the viewer stays.
  const first = await picture.screenshot();
  await screenOf(page, 'shared').focus();
  await page.keyboard.type('seen by both', { delay: 30 });
  await expect.poll(async () => first.equals(await picture.screenshot())).toBe(false);
  await expect(page.getByText('Somebody else has this console open')).toBeHidden();
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
