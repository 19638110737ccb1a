import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import AxeBuilder from '@axe-core/playwright';

import { expect, messages, takeAction, test, vmPath } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';
import { microImage } from './microImage.ts';
import { logIn, runInGuest } from './screen.ts';

const pathOf = (project: string) => `/k8s/ns/${project}/cdi.kubevirt.io~v1beta1~DataSource`;

test('a boot source is added from a web server, given defaults, used and deleted', async ({
  page,
  ownProgram: program,
  project,
}) => {
  const image = microImage(program);
  const server = createServer((_request, response) => createReadStream(image).pipe(response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;

  await page.goto(pathOf(project));
  await page.getByRole('button', { name: 'Add boot source' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add boot source' });
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText('Give it a name.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('golden');
  await dialog
    .getByRole('textbox', { name: 'Address' })
    .fill(`http://127.0.0.1:${port}/disk.qcow2`);
  await dialog.getByRole('spinbutton', { name: 'Size in GiB' }).fill('1');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(messages(page).getByText('Added golden')).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: 'golden' });
  await expect(row.getByText('Ready', { exact: true })).toBeVisible();
  server.close();

  await takeAction(page, 'golden', 'Edit defaults');
  const defaults = page.getByRole('dialog', { name: 'Defaults of golden' });
  await defaults.getByRole('combobox', { name: 'Default instance type' }).selectOption('u1.nano');
  await defaults.getByRole('button', { name: 'Save' }).click();
  await expect(row.getByText('u1.nano')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);

  // A new VM of it gets what was named.
  await page.goto(`/k8s/ns/${project}/kubevirt.io~v1~VirtualMachine`);
  await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
  const create = page.getByRole('dialog', { name: 'Create virtual machine' });
  await create.getByRole('radio', { name: /^golden/ }).click();
  await create.getByRole('textbox', { name: 'Name' }).fill('made-of-it');
  await create.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();

  await page.goto(pathOf(project));
  await expect(row.getByText('1 VM', { exact: true })).toBeVisible();
  await takeAction(page, 'golden', 'Delete');
  const question = page.getByRole('dialog', { name: 'Delete boot source golden?' });
  await expect(question.getByText(`${project}/made-of-it`)).toBeVisible();
  await question.getByRole('checkbox', { name: /^Delete its image too/ }).click();
  await question.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(messages(page).getByText('Deleted golden')).toBeVisible();
  const left = ['get', 'datasource,datavolume', '-n', project, '-o', 'name'];
  await expect
    .poll(() => kubectl(program, left))
    .toBe('datavolume.cdi.kubevirt.io/made-of-it-rootdisk');
});

test('a source of a registry is kept by a schedule, which can be changed, and goes for good', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(180_000);
  await page.goto(pathOf(project));
  await page.getByRole('button', { name: 'Add boot source' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add boot source' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('kept');
  await dialog.getByRole('combobox', { name: 'Image' }).selectOption('Registry, kept up to date');
  await dialog
    .getByRole('textbox', { name: 'Address' })
    .fill('docker://guest-images.kubevirt-os-images.svc/micro');
  await dialog.getByRole('textbox', { name: 'Schedule' }).fill('every day');
  await dialog.getByRole('spinbutton', { name: 'Size in GiB' }).fill('1');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText(/^Give the five fields of cron/)).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Schedule' }).fill('0 3 * * *');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(messages(page).getByText('Added kept')).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: 'kept' });
  await expect(row.getByText('Ready', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(row.getByText('0 3 * * *')).toBeVisible();
  await expect(row.getByText(/^Last import/)).toBeVisible();

  await takeAction(page, 'kept', 'Edit schedule');
  const edit = page.getByRole('dialog', { name: 'Schedule of kept' });
  await edit.getByRole('textbox', { name: 'Schedule' }).fill('30 4 * * 1');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(row.getByText('30 4 * * 1')).toBeVisible();
  const uid = ['get', 'dataimportcron', 'kept', '-n', project, '-o', 'jsonpath={.metadata.uid}'];
  const before = await kubectl(program, uid);
  await takeAction(page, 'kept', 'Import now');
  await expect(messages(page).getByText('A new image is being looked for')).toBeVisible();
  expect(await kubectl(program, uid)).not.toBe(before);
  await expect(row.getByText('Ready', { exact: true })).toBeVisible();

  await takeAction(page, 'kept', 'Delete');
  const question = page.getByRole('dialog', { name: 'Delete boot source kept?' });
  await expect(question.getByText(/DataImportCron kept/)).toBeVisible();
  await question.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(messages(page).getByText('Deleted kept')).toBeVisible();
  const left = ['get', 'datasource,dataimportcron', '-n', project, '-o', 'name'];
  expect(await kubectl(program, left)).toBe('');
});

test('sources of an upload, a disk of a VM and a snapshot lead to VMs that boot', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(240_000);
  await createVm(program, { name: 'golden', namespace: project, runStrategy: 'Halted' });
  await kubectl(program, ['create', '-f', '-'], {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata: { name: 'as-it-was', namespace: project },
    spec: { source: { persistentVolumeClaimName: 'golden-rootdisk' } },
  });
  const image = microImage(program);
  const dialog = page.getByRole('dialog', { name: 'Add boot source' });
  const begin = async (name: string, kind: string) => {
    await page.goto(pathOf(project));
    await page.getByRole('button', { name: 'Add boot source' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('combobox', { name: 'Image' }).selectOption(kind);
  };
  const end = async (name: string) => {
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(messages(page).getByText(`Added ${name}`)).toBeVisible();
    const row = page.getByRole('row').filter({ hasText: name });
    await expect(row.getByText('Ready', { exact: true })).toBeVisible({ timeout: 120_000 });
  };
  await begin('brought', 'Upload from this computer');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText('Choose a file that is not empty.')).toBeVisible();
  await dialog.locator('input[type=file]').setInputFiles(image);
  await expect(dialog.getByRole('spinbutton', { name: 'Size in GiB' })).not.toHaveValue('10');
  await end('brought');
  await begin('of-a-vm', 'Disk of a virtual machine');
  await dialog.getByRole('combobox', { name: 'Virtual machine' }).selectOption('golden');
  await dialog.getByRole('combobox', { name: 'Disk' }).selectOption('golden-rootdisk');
  await expect(dialog.getByRole('spinbutton', { name: 'Size in GiB' })).toHaveValue('1');
  await end('of-a-vm');
  await begin('snapped', 'Volume snapshot');
  await dialog.getByRole('combobox', { name: 'Volume snapshot' }).selectOption('as-it-was');
  await end('snapped');

  await takeAction(page, 'snapped', 'Create virtual machine');
  await page.getByRole('textbox', { name: 'Name' }).fill('reborn');
  await expect(page.getByRole('radio', { name: /^snapped/ })).toBeChecked();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(messages(page).getByText('Created reborn')).toBeVisible();
  await page.goto(vmPath(project, 'reborn', 'console'));
  await logIn(page, 'reborn');
  expect(await runInGuest(page, 'reborn', 'hostname')).toBe('reborn');
});
