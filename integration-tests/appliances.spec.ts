import { rmSync } from 'node:fs';

import AxeBuilder from '@axe-core/playwright';

import { appliance } from './appliance.ts';
import { expect, messages, test, vmPath } from './fixtures.ts';
import { kubectl } from './kubectl.ts';
import { logIn, runInGuest } from './screen.ts';

const MIB = 2 ** 20;

test('an OVA is taken over, its disk uploaded, and the guest is as its OVF says', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(240_000);
  const { folder, ova } = appliance(program);
  try {
    await page.goto(`/virtdeck/create-vm?project=${project}`);
    await page.getByRole('radio', { name: /^Upload/ }).click();
    await page.locator('input[type=file]').setInputFiles(ova);
    const dialog = page.getByRole('dialog', { name: 'Virtual appliance' });
    await expect(dialog.getByText('2 vCPU, 192 MiB')).toBeVisible();
    await expect(dialog.getByText(/^Size: 256 MiB · empty$/)).toBeVisible();
    await expect(dialog.getByRole('combobox', { name: 'Network VM Network' })).toHaveValue('pod');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
    await dialog.getByRole('button', { name: 'Take over and upload' }).click();
    await expect(page.getByRole('heading', { name: 'Disks', level: 2 })).toBeVisible();
    const upload = page.getByRole('group', { name: 'loom.ova: loom-disk1.vmdk' }).first();
    await expect(upload.getByText(/\(vmdk\)/)).toBeVisible();
    await expect(upload.getByText(/^SHA-256 [\da-f]{64}$/)).toBeVisible();
    await expect(upload.getByText('It is in the volume')).toBeVisible({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(messages(page).getByText('Created loom-appliance')).toBeVisible();
    await expect(page.getByText('Running', { exact: true })).toBeVisible();
    await page.goto(vmPath(project, 'loom-appliance', 'console'));
    await logIn(page, 'loom-appliance');
    expect(await runInGuest(page, 'loom-appliance', 'grep -c ^processor /proc/cpuinfo')).toBe('2');
    const kib = await runInGuest(
      page,
      'loom-appliance',
      "awk '/MemTotal/ {print $2}' /proc/meminfo",
    );
    expect(Number(kib)).toBeGreaterThan(130 * 1024);
    expect(Number(kib)).toBeLessThan(192 * 1024);
    const sectors = await runInGuest(page, 'loom-appliance', 'cat /sys/block/vdb/size');
    expect(Number(sectors) * 512).toBe(256 * MIB);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an OVF without its disk, a false checksum and a file that is none are refused', async ({
  page,
  program,
  project,
}) => {
  const { folder, ova, ovf } = appliance(program, true);
  try {
    await page.goto(`/virtdeck/create-vm?project=${project}`);
    await page.getByRole('radio', { name: /^Upload/ }).click();
    const input = page.locator('input[type=file]').first();
    const dialog = page.getByRole('dialog', { name: 'Virtual appliance' });
    await input.setInputFiles(ovf);
    await expect(dialog.getByText(/A file that the OVF file names is missing/)).toBeVisible();
    await expect(dialog.getByText('loom-disk1.vmdk')).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await input.setInputFiles({
      ...{ name: 'no.ova', mimeType: '', buffer: Buffer.from('x'.repeat(3000)) },
    });
    await expect(dialog.getByText('This is no OVA: it is not a tar archive.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await input.setInputFiles(ova);
    await dialog.getByRole('button', { name: 'Take over and upload' }).click();
    const refused = page.getByText(/The file is not the one of its manifest/).first();
    await expect(refused).toBeVisible();
    await page.getByRole('button', { name: 'Cancel upload' }).first().click();
    const left = ['get', 'datavolume', '-n', project, '-o', 'name'];
    await expect.poll(() => kubectl(program, left)).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an upload that a reload cut off is named, and goes on with the same file', async ({
  page,
  program,
  project,
}) => {
  const { folder, vmdk } = appliance(program);
  try {
    await page.goto(`/virtdeck/create-vm?project=${project}`);
    await page.getByRole('radio', { name: /^Upload/ }).click();
    // The proxy does not answer until the page has been loaded anew.
    let answers = false;
    await page.route(/upload-async/, async (route) => {
      if (answers) await route.continue();
    });
    await page.locator('input[type=file]').setInputFiles(vmdk);
    await expect(page.getByText(/^0 B of|^[\d.]+ \w+ of/).first()).toBeVisible();
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    answers = true;
    await expect(page.getByText('Cut off, as the page was loaded anew').first()).toBeVisible();
    await expect(page.getByText('1 upload cut off')).toBeVisible();
    const again = page.getByLabel('Choose loom-disk1.vmdk again').first();
    await again.setInputFiles({ name: 'other', mimeType: '', buffer: Buffer.from('other') });
    await expect(page.getByText('This is another file: it has not the same size.')).toBeVisible();
    await again.setInputFiles(vmdk);
    await expect(page.getByText('It is in the volume').first()).toBeVisible({ timeout: 120_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
