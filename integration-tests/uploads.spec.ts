import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { expect, listPath, test } from './fixtures.ts';
import { kubectl } from './kubectl.ts';
import { microImage } from './microImage.ts';
import { openWizard } from './wizard.ts';

test('an upload is measured, paused, goes on behind another page, and is kept from a closing tab', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(240_000);
  const image = microImage(program);
  const devtools = await page.context().newCDPSession(page);
  const line = async (uploadThroughput: number) => {
    await devtools.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput },
    });
  };
  await openWizard(page, project);
  await page.getByRole('radio', { name: /^Upload/ }).click();
  await line(400_000);
  await page.locator('input[type=file]').first().setInputFiles(image);
  const name = image.split('/').at(-1) ?? '';
  const upload = page.getByRole('group', { name }).first();
  await expect(upload.getByText(`${name} (qcow2)`)).toBeVisible();
  await expect(upload.getByText(/^[\d.]+ \w+ a second, \d+:\d\d left$/)).toBeVisible({
    timeout: 60_000,
  });
  const sha256 = createHash('sha256').update(readFileSync(image)).digest('hex');
  await expect(upload.getByText(`SHA-256 ${sha256}`)).toBeVisible({ timeout: 60_000 });

  await test.step('pause, and from the beginning again', async () => {
    await upload.getByRole('button', { name: 'Pause' }).click();
    await expect(upload.getByText('Paused; it will be sent from the beginning')).toBeVisible();
    await upload.getByRole('button', { name: 'Continue from the beginning' }).click();
    await expect(upload.getByText(/^[\d.]+ \w+ of /)).toBeVisible({ timeout: 60_000 });
  });

  await test.step('the tab asks before it closes', async () => {
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
  });

  await test.step('it goes on while another page is looked at', async () => {
    await page.getByRole('link', { name: 'Virtual machines' }).first().click();
    await expect(page).toHaveURL(/VirtualMachine$/);
    await expect(page.getByText('1 upload under way')).toBeVisible();
    await line(-1);
    await page.getByRole('button', { name: /^Recent tasks/ }).click();
    const listed = page.getByRole('region', { name: 'Uploads' }).getByRole('group', { name });
    await expect(listed.getByText('It is in the volume')).toBeVisible({ timeout: 120_000 });
    await expect(page.getByText('1 upload under way')).toBeHidden();
  });

  // What was sent is what is in the volume: the cluster took it as its own file says.
  const phase = 'jsonpath={.items[0].status.phase}';
  expect(await kubectl(program, ['get', 'dv', '-n', project, '-o', phase])).toBe('Succeeded');
  await page.goto(listPath(project));
});

test('one that failed is tried again into the same volume', async ({ page, program, project }) => {
  test.setTimeout(240_000);
  const image = microImage(program);
  const name = image.split('/').at(-1) ?? '';
  let isBroken = true;
  await page.route(/upload-async/, async (route) => {
    if (isBroken) await route.abort('connectionreset');
    else await route.continue();
  });
  await openWizard(page, project);
  await page.getByRole('radio', { name: /^Upload/ }).click();
  await page.locator('input[type=file]').first().setInputFiles(image);
  const upload = page.getByRole('group', { name }).first();
  await expect(upload.getByText('It failed')).toBeVisible({ timeout: 60_000 });
  await expect(upload.getByText(/did not answer/)).toBeVisible();
  isBroken = false;
  await upload.getByRole('button', { name: 'Try again' }).click();
  await expect(upload.getByText('It is in the volume')).toBeVisible({ timeout: 120_000 });
  const names = await kubectl(program, ['get', 'dv', '-n', project, '-o', 'name']);
  expect(names.split('\n')).toHaveLength(1);
});
