import { generateKeyPairSync } from 'node:crypto';

import type { Locator, Page } from '@playwright/test';

import { expect, onOwnHost, test, vmPath } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';

function consoleOf(page: Page, name: string): Locator {
  return page.getByRole('group', { name: `SSH console of ${name}` });
}

function rowsOf(page: Page, name: string): Locator {
  return consoleOf(page, name).getByRole('listitem');
}

/** A key pair: the private one in PEM, the public one as sshd reads it. */
function newKeys(): { privateKey: string; publicKey: string } {
  const pair = generateKeyPairSync('ed25519');
  const point = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const text = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = Buffer.concat([text(Buffer.from('ssh-ed25519')), text(point)]);
  return {
    privateKey: String(pair.privateKey.export({ format: 'pem', type: 'pkcs8' })),
    publicKey: `ssh-ed25519 ${blob.toString('base64')} journey`,
  };
}

/** Fills the form and logs in; the guest may still be booting, so it is tried again. */
async function logIn(page: Page, name: string, secret: { key: string } | { password: string }) {
  const frame = consoleOf(page, name);
  await frame.getByRole('textbox', { name: 'User name' }).fill('root');
  if ('key' in secret) {
    await frame.getByRole('radio', { name: 'Private key' }).check();
    await frame.getByRole('textbox', { name: 'Text of the private key' }).fill(secret.key);
  } else {
    await frame.getByRole('radio', { name: 'Password' }).check();
    await frame.getByRole('textbox', { name: 'Password' }).fill(secret.password);
  }
  await frame.getByRole('button', { name: 'Log in', exact: true }).click();
}

/** Runs a command in the shell; gives its output, which must be one line. */
async function run(page: Page, name: string, mark: string, command: string): Promise<string> {
  const line = page.getByRole('textbox', { name: `SSH terminal of ${name}` });
  await line.pressSequentially(`echo "${mark}<$(${command})>"\n`);
  const row = rowsOf(page, name).filter({ hasText: new RegExp(`^${mark}<.*>`) });
  return /<(.*)>/.exec((await row.last().textContent()) ?? '')?.[1] ?? '';
}

/** Waits until the guest's SSH server is there: its first answer to a login shows its key. */
async function trust(page: Page, name: string, again: () => Promise<void>): Promise<string> {
  const frame = consoleOf(page, name);
  const question = frame.getByRole('group', { name: 'Host key' });
  await expect(async () => {
    await again();
    await expect(
      question.or(frame.getByText('No SSH server answers', { exact: true })),
    ).toBeVisible();
    await expect(question).toBeVisible({ timeout: 100 });
  }).toPass({ timeout: 100_000 });
  const key = (await question.getByText(/^SHA256:/).textContent()) ?? '';
  await question.getByRole('button', { name: 'Trust and log in' }).click();
  return key;
}

test('a shell in the browser, with a key that stays there', async ({ page, program, project }) => {
  test.setTimeout(600_000);
  const keys = newKeys();
  await kubectl(program, [
    ...['create', 'secret', 'generic', 'keys', '--namespace', project],
    `--from-literal=key=${keys.publicKey}`,
  ]);
  await createVm(program, { name: 'shell', namespace: project, sshKeys: 'keys' });

  // Neither the key nor a password may be in anything that is sent to the cluster.
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.postData() ?? '', request.url()));

  await page.goto(`${vmPath(project, 'shell', 'console')}?console=ssh`);
  const prompt = rowsOf(page, 'shell').filter({ hasText: 'root@shell:' });

  await test.step('the host key is shown before anything is sent to the guest', async () => {
    const first = await trust(page, 'shell', () => logIn(page, 'shell', { key: keys.privateKey }));
    await expect(prompt.last()).toBeVisible();
    expect(first).toMatch(/^SHA256:[\w+/]{43}$/);
    expect(await run(page, 'shell', 'a', 'hostname')).toBe('shell');
  });

  await test.step('the guest knows the size of the terminal', async () => {
    const before = await run(page, 'shell', 'b', 'stty size');
    await page.setViewportSize({ width: 900, height: 800 });
    await expect
      .poll(async () => Number((await run(page, 'shell', 'c', 'stty size')).split(' ')[1]))
      .toBeLessThan(Number(before.split(' ')[1]));
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step('a shell that was left is not opened again', async () => {
    await page.getByRole('textbox', { name: 'SSH terminal of shell' }).pressSequentially('exit\n');
    await expect(page.getByText('The SSH session has ended')).toBeVisible();
  });

  await test.step('a wrong key is refused, with the reason', async () => {
    await logIn(page, 'shell', { key: newKeys().privateKey });
    await expect(page.getByText('The guest refused the login')).toBeVisible();
    await logIn(page, 'shell', { key: 'no key at all' });
    await expect(page.getByText('This is not a private key.')).toBeVisible();
  });

  await test.step('the host key is remembered, and nothing else of the login', async () => {
    await page.reload();
    await logIn(page, 'shell', { key: keys.privateKey });
    await expect(prompt.last()).toBeVisible();
    const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    expect(stored).toContain('SHA256:');
    expect(stored).not.toContain('PRIVATE');
  });

  await test.step('after a crash of the API there is a new session by itself', async () => {
    await onOwnHost(program, async () => {
      await program.kill();
      await expect(page.getByText('The connection is lost.')).toBeVisible();
      await program.start();
      await expect(rowsOf(page, 'shell').filter({ hasText: 'A new session.' })).toBeVisible();
      await expect(prompt.last()).toBeVisible();
      expect(await run(page, 'shell', 'd', 'hostname')).toBe('shell');
    });
  });

  await test.step('another host key is refused until the old one is forgotten', async () => {
    await page
      .getByRole('textbox', { name: 'SSH terminal of shell' })
      .pressSequentially('rm /etc/dropbear/*; kill $(pidof dropbear)\n');
    await expect(page.getByText('The host key of shell has changed')).toBeVisible();
    await page.getByRole('button', { name: 'Forget the old key' }).click();
    await trust(page, 'shell', () => logIn(page, 'shell', { key: keys.privateKey }));
    await expect(prompt.last()).toBeVisible();
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page.getByRole('textbox', { name: 'User name' })).toBeVisible();
  });

  const secret = keys.privateKey.split('\n')[1] ?? '';
  expect(secret).not.toBe('');
  expect(sent.some((text) => text.includes(secret))).toBe(false);
});

test('a password logs in as well, and another is refused', async ({ page, program, project }) => {
  test.setTimeout(400_000);
  await createVm(program, { name: 'word', namespace: project });
  await page.goto(`${vmPath(project, 'word', 'console')}?console=ssh`);
  const prompt = rowsOf(page, 'word').filter({ hasText: 'root@word:' });
  await trust(page, 'word', () => logIn(page, 'word', { password: '' }));
  await expect(prompt.last()).toBeVisible();
  expect(await run(page, 'word', 'a', 'echo root:s3cret | chpasswd && sync && echo set')).toBe(
    'set',
  );
  await page.getByRole('button', { name: 'Log out' }).click();

  await logIn(page, 'word', { password: 'wrong' });
  await expect(page.getByText('User name, password or key are not right.')).toBeVisible();
  await page.reload();
  await logIn(page, 'word', { password: 's3cret' });
  await expect(prompt.last()).toBeVisible();

  // After a restart of the guest there is a new session by itself, with what was typed once.
  await kubectl(program, ['delete', 'vmi', 'word', '-n', project, '--grace-period=0']);
  await expect(page.getByText(/not running|is starting|Looking for/)).toBeVisible();
  await expect(rowsOf(page, 'word').filter({ hasText: 'A new session.' })).toBeVisible({
    timeout: 100_000,
  });
  expect(await run(page, 'word', 'b', 'hostname')).toBe('word');
});

test('a guest that does not run has no shell', async ({ page, program, project }) => {
  await createVm(program, { name: 'off', namespace: project, runStrategy: 'Halted' });
  await page.goto(`${vmPath(project, 'off', 'console')}?console=ssh`);
  await expect(page.getByRole('heading', { name: 'off is not running' })).toBeVisible();
});
