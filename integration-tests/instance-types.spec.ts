import type { Page } from '@playwright/test';

import { confirm, expect, messages, takeAction, test } from './fixtures.ts';
import { kubectl, vmManifest } from './kubectl.ts';

const group = 'instancetype.kubevirt.io~v1beta1';
const typesPath = `/k8s/cluster/${group}~VirtualMachineClusterInstancetype`;

/** The row of an instance type or preference in its list. */
function entry(page: Page, name: string) {
  return page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
}

/** Types in the search: only the rows on the screen are drawn. */
async function find(page: Page, text: string) {
  await page.getByRole('combobox', { name: 'Search' }).fill(text);
}

test('an instance type is made by form, changed as YAML, copied, used and deleted', async ({
  page,
  program,
  project,
}) => {
  const get = (path: string) =>
    kubectl(program, [
      ...['get', 'virtualmachineclusterinstancetype', 'shop.tiny', '-o', `jsonpath=${path}`],
    ]);
  await page.goto(typesPath);
  // Those of the common instance types, by their size.
  await find(page, 'u1.nano');
  await expect(entry(page, 'u1.nano').getByText('512 MiB')).toBeVisible();

  await page.getByRole('button', { name: 'Create instance type' }).click();
  const form = page.getByRole('dialog', { name: 'Create instance type' });
  await form.getByRole('textbox', { name: 'vCPUs' }).fill('many');
  await form.getByRole('textbox', { name: 'Memory', exact: true }).fill('256Mi');
  await form.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(form.getByText('Give a whole number.')).toBeVisible();
  await expect(form.getByText('This is needed.')).toBeVisible();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('u1.nano');
  await form.getByRole('textbox', { name: 'vCPUs' }).fill('2');
  await form.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(form.getByText(/"u1.nano" already exists/).first()).toBeVisible();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('shop.tiny');
  await form.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'shop.tiny', level: 1 })).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'CPU and memory' }).getByText('256Mi'),
  ).toBeVisible();
  expect(await get('{.spec}')).toBe('{"cpu":{"guest":2},"memory":{"guest":"256Mi"}}');

  await page.getByRole('tab', { name: 'YAML' }).click();
  await page.getByRole('button', { name: 'Edit YAML' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit shop.tiny' });
  const text = edit.getByRole('textbox', { name: 'YAML' });
  await text.fill((await text.inputValue()).replace('guest: 2\n', 'guest: 3\n'));
  await edit.getByRole('button', { name: 'Changes' }).click();
  await expect(
    edit.getByRole('list', { name: 'Changes' }).getByText('spec › cpu › guest'),
  ).toBeVisible();
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(messages(page).getByText('Saved shop.tiny')).toBeVisible();
  expect(await get('{.spec.cpu.guest}')).toBe('3');

  await takeAction(page, 'shop.tiny', 'Copy to a new one');
  await confirm(page, 'Copy of shop.tiny', 'Create');
  await expect(page.getByRole('heading', { name: 'shop.tiny-copy', level: 1 })).toBeVisible();

  // It is counted where it is used, and named before it is deleted.
  const vm = vmManifest({ name: 'till', namespace: project, runStrategy: 'Halted' });
  const patch = [
    { op: 'add', path: '/spec/instancetype', value: { name: 'shop.tiny' } },
    { op: 'remove', path: '/spec/template/spec/domain/memory' },
  ];
  const made = await kubectl(
    program,
    ['patch', '--local', '-f', '-', '--type', 'json', '-p', JSON.stringify(patch), '-o', 'json'],
    vm,
  );
  await kubectl(program, ['create', '-f', '-'], JSON.parse(made) as object);
  await page.goto(typesPath);
  await find(page, 'shop.tiny');
  await expect(entry(page, 'shop.tiny').getByText('1 VM', { exact: true })).toBeVisible();
  await takeAction(page, 'shop.tiny-copy', 'Delete');
  await confirm(page, 'Delete shop.tiny-copy?', 'Delete');
  await expect(entry(page, 'shop.tiny-copy')).toBeHidden();
  await takeAction(page, 'shop.tiny', 'Delete');
  await expect(page.getByRole('dialog').getByText(`${project}/till`)).toBeVisible();
  await confirm(page, 'Delete shop.tiny?', 'Delete');
  await expect(entry(page, 'shop.tiny')).toBeHidden();
});

test('a preference of a project is made by form, found, and deleted', async ({
  page,
  program,
  project,
}) => {
  await page.goto(`/k8s/cluster/${group}~VirtualMachineClusterPreference`);
  await find(page, 'fedora');
  await expect(entry(page, 'fedora').getByText('UEFI with Secure Boot')).toBeVisible();
  await page.getByRole('tab', { name: 'Projects' }).click();
  await page.getByRole('button', { name: 'Create preference' }).first().click();
  const form = page.getByRole('dialog', { name: 'Create preference' });
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('shop');
  await form.getByRole('combobox', { name: 'Project' }).selectOption(project);
  await form.getByRole('combobox', { name: 'Disk bus' }).selectOption('sata');
  await form.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'shop', level: 1 })).toBeVisible();
  const devices = '{.spec.devices.preferredDiskBus}';
  expect(
    await kubectl(program, ['get', 'vmp', 'shop', '-n', project, '-o', `jsonpath=${devices}`]),
  ).toBe('sata');

  await page.goto(`/k8s/ns/${project}/${group}~VirtualMachinePreference`);
  await find(page, 'nothing like it');
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await takeAction(page, 'shop', 'Delete');
  await confirm(page, 'Delete shop?', 'Delete');
  await expect(page.getByRole('heading', { name: 'No preferences yet' })).toBeVisible();
});
