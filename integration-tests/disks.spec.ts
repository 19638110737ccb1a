import type { Locator, Page } from '@playwright/test';

import { confirm, expect, messages, takeAction, test, vmPath } from './fixtures.ts';
import { createVm, kubectl, vmManifest, waitForAgent, waitForStatus } from './kubectl.ts';
import type { Program } from './program.ts';
import { logIn, runInGuest } from './screen.ts';

const gibibyte = 2 ** 30;
const sectorBytes = 512;
const sectors = (gibibytes: number) => String((gibibytes * gibibyte) / sectorBytes);

/** The row of a disk on the tab of disks. */
function diskRow(page: Page, name: string): Locator {
  const grid = page.getByRole('grid', { name: 'Disks' });
  const actions = page.getByRole('button', { name: `Actions for ${name}`, exact: true });
  return grid.getByRole('row').filter({ has: actions });
}

/** A console of the guest beside the page, logged in on its serial line. */
async function openShell(page: Page, project: string, name: string): Promise<Page> {
  const shell = await page.context().newPage();
  await shell.goto(vmPath(project, name, 'console'));
  await logIn(shell, name);
  return shell;
}

/** What the command prints in the guest, until it is as wanted. */
async function expectInGuest(shell: Page, name: string, command: string, wanted: string | RegExp) {
  await expect
    .poll(() => runInGuest(shell, name, command), { message: command, timeout: 60_000 })
    .toMatch(typeof wanted === 'string' ? new RegExp(`^${wanted}$`) : wanted);
}

async function addDisk(page: Page, fill: (dialog: Locator) => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: 'Add disk', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Add disk' });
  await fill(dialog);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toBeHidden();
}

const addEmptyDisk = (page: Page, gibibytes: number) =>
  addDisk(page, (dialog) =>
    dialog.getByRole('spinbutton', { name: 'Size', exact: true }).fill(String(gibibytes)),
  );

async function resize(page: Page, disk: string, gibibytes: number): Promise<void> {
  await takeAction(page, disk, 'Resize');
  const dialog = page.getByRole('dialog', { name: /^Make .* larger$/ });
  await dialog.getByRole('spinbutton', { name: 'Size (GiB)' }).fill(String(gibibytes));
  await dialog.getByRole('button', { name: 'Resize' }).click();
  await expect(dialog).toBeHidden();
}

/** An empty volume of the project that is not of a VM. */
async function createVolume(program: Program, namespace: string, name: string): Promise<void> {
  await kubectl(program, ['create', '-f', '-'], {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name, namespace },
    spec: {
      source: { blank: {} },
      storage: { resources: { requests: { storage: '1Gi' } } },
    },
  });
  await kubectl(program, [
    ...['wait', `datavolume/${name}`, '--namespace', namespace],
    ...['--for', 'jsonpath={.status.phase}=Succeeded', '--timeout', '60s'],
  ]);
}

test('disks come to a running guest, grow and leave it', async ({ page, program, project }) => {
  test.setTimeout(240_000);
  await createVm(program, { name: 'depot', namespace: project });
  await waitForAgent(program, { name: 'depot', namespace: project });
  const shell = await openShell(page, project, 'depot');
  await page.goto(vmPath(project, 'depot', 'disks'));
  await expect(diskRow(page, 'root')).toContainText('1 GiB');

  await test.step('a new disk is plugged in', async () => {
    await addEmptyDisk(page, 1);
    await expect(diskRow(page, 'disk-1')).toContainText('Ready');
    await expectInGuest(shell, 'depot', 'cat /sys/block/sda/size', sectors(1));
    await runInGuest(shell, 'depot', 'echo kept | tee /dev/sda | head -c 4; sync');
    await expect(page.getByText(/^Changes (wait for|take effect after) a restart/)).toBeHidden();
  });

  await test.step('it grows while the guest runs', async () => {
    await resize(page, 'disk-1', 2);
    await expect(diskRow(page, 'disk-1')).toContainText('2 GiB');
    await expectInGuest(shell, 'depot', 'cat /sys/block/sda/size', sectors(2));
  });

  await test.step('it is detached, its volume stays', async () => {
    await takeAction(page, 'disk-1', 'Detach');
    await confirm(page, 'Detach disk disk-1?', 'Detach');
    await expect(diskRow(page, 'disk-1')).toHaveCount(0);
    await expectInGuest(shell, 'depot', 'ls /sys/block | grep -c sda', '0');
  });

  await test.step('an image of this computer becomes a disk', async () => {
    await addDisk(page, async (dialog) => {
      await dialog.getByRole('textbox', { name: 'Name' }).fill('tools');
      await dialog.getByRole('combobox', { name: 'Content' }).selectOption('Upload');
      await dialog.locator('input[type=file]').setInputFiles({
        ...{ name: 'tools.img', mimeType: '' },
        buffer: Buffer.alloc(2 ** 20, 'a tool '),
      });
      await expect(dialog.getByText('tools.img')).toBeVisible();
    });
    await expect(diskRow(page, 'tools')).toContainText('Ready');
    await expectInGuest(shell, 'depot', 'head -c 6 /dev/sd?', 'a tool');
    await takeAction(page, 'tools', 'Detach');
    await confirm(page, 'Detach disk tools?', 'Detach');
    await expectInGuest(shell, 'depot', 'ls /sys/block | grep -c sda', '0');
  });

  await test.step('what was sent is not lost when the dialog is left', async () => {
    await page.getByRole('button', { name: 'Add disk', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Add disk' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('later');
    await dialog.getByRole('combobox', { name: 'Content' }).selectOption('Upload');
    await dialog.locator('input[type=file]').setInputFiles({
      ...{ name: 'later.img', mimeType: '', buffer: Buffer.alloc(2 ** 20, 1) },
    });
    await expect(dialog.getByText('later.img')).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect(messages(page)).toContainText(/The volume depot-later-\w+ stays/);
  });

  await test.step('the next empty disk is empty', async () => {
    await addEmptyDisk(page, 1);
    await expectInGuest(shell, 'depot', 'cat /sys/block/sd?/size', sectors(1));
    await expectInGuest(shell, 'depot', 'head -c 4 /dev/sd? | tr -d "\\0" | wc -c', '0');
    const claims = await kubectl(program, ['get', 'pvc', '--namespace', project, '-o', 'name']);
    expect(claims).toContain('depot-disk-1-2');
  });
});

test('a stopped VM gets a disk and a drive, whose medium goes in and out while it runs', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(240_000);
  await createVolume(program, project, 'installer');
  await kubectl(
    program,
    ['create', '-f', '-'],
    vmManifest({ name: 'kiosk', namespace: project, runStrategy: 'Halted' }),
  );
  await waitForStatus(program, { name: 'kiosk', namespace: project }, 'Stopped');
  await page.goto(vmPath(project, 'kiosk', 'disks'));

  await addEmptyDisk(page, 1);
  await addDisk(page, async (dialog) => {
    await dialog.getByRole('combobox', { name: 'Content' }).selectOption('Nothing: an empty drive');
    await expect(dialog.getByRole('combobox', { name: 'Type' })).toHaveValue('cdrom');
    // The guest's kernel has no driver for SATA.
    await dialog.getByRole('combobox', { name: 'Bus' }).selectOption('scsi');
  });
  await expect(diskRow(page, 'disk-2')).toContainText('CD-ROM, scsi');
  await resize(page, 'root', 2);
  await expect(diskRow(page, 'root')).toContainText('2 GiB');

  await takeAction(page, 'kiosk', 'Start');
  await waitForStatus(program, { name: 'kiosk', namespace: project }, 'Running');
  await waitForAgent(program, { name: 'kiosk', namespace: project });
  const shell = await openShell(page, project, 'kiosk');
  const hasMedium = 'head -c 1 /dev/sr0 2> /dev/null | wc -c';
  await expectInGuest(shell, 'kiosk', 'cat /sys/block/vda/size', sectors(2));
  await expectInGuest(shell, 'kiosk', 'cat /sys/block/vdb/size', sectors(1));
  await expectInGuest(shell, 'kiosk', hasMedium, '0');

  await test.step('a medium is put in', async () => {
    await takeAction(page, 'disk-2', 'Insert medium');
    const dialog = page.getByRole('dialog', { name: 'Insert a medium into disk-2' });
    await dialog.getByRole('combobox', { name: 'Volume', exact: true }).selectOption('installer');
    await dialog.getByRole('button', { name: 'Insert' }).click();
    await expect(dialog).toBeHidden();
    await expect(diskRow(page, 'disk-2')).toContainText('installer');
    await expectInGuest(shell, 'kiosk', hasMedium, '1');
    await expect(page.getByText(/^Changes (wait for|take effect after) a restart/)).toBeHidden();
  });

  await test.step('it is taken out, the drive stays', async () => {
    await takeAction(page, 'disk-2', 'Eject medium');
    await confirm(page, 'Eject the medium of disk-2?', 'Eject');
    await expect(diskRow(page, 'disk-2')).toContainText('Empty');
    await expectInGuest(shell, 'kiosk', hasMedium, '0');
    await expect(page.getByText(/^Changes (wait for|take effect after) a restart/)).toBeHidden();
  });

  await test.step('an image of this computer is put in', async () => {
    await takeAction(page, 'disk-2', 'Insert medium');
    const dialog = page.getByRole('dialog', { name: 'Insert a medium into disk-2' });
    await dialog.getByRole('combobox', { name: 'Content' }).selectOption('Upload');
    await dialog.locator('input[type=file]').setInputFiles({
      ...{ name: 'tools.iso', mimeType: '', buffer: Buffer.alloc(2 ** 20, 'a medium ') },
    });
    await expect(dialog.getByText('tools.iso')).toBeVisible();
    await dialog.getByRole('button', { name: 'Insert' }).click();
    await expect(dialog).toBeHidden();
    await expectInGuest(shell, 'kiosk', 'head -c 8 /dev/sr0', 'a medium');
  });
});
