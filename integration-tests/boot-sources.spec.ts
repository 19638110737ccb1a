import { createReadStream, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';

import { expect, messages, takeAction, test } from './fixtures.ts';
import { kubectl } from './kubectl.ts';

const pathOf = (project: string) => `/k8s/ns/${project}/cdi.kubevirt.io~v1beta1~DataSource`;

test('a boot source is added from a web server, given defaults, used and deleted', async ({
  page,
  program,
  project,
}) => {
  const folder = join(program.dataDir, 'images');
  const image = readdirSync(folder).find((name) => /^micro-.*\.qcow2$/.test(name)) ?? '';
  const server = createServer((_request, response) =>
    createReadStream(join(folder, image)).pipe(response),
  );
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
