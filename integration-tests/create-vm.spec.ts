import type { Locator, Page } from '@playwright/test';

import { expect, listPath, messages, rowOf, test } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';

/** The choice of a size without an instance type. */
const custom = 'Custom: CPU and memory of its own';

async function openDialog(page: Page, path: string): Promise<Locator> {
  await page.goto(path);
  await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create virtual machine' });
  await expect(dialog.getByRole('radio', { name: /^Micro Linux/ })).toBeChecked();
  return dialog;
}

/** Every status that a row shows from now on, one after the other. */
async function recordStatuses(page: Page, name: string): Promise<() => Promise<string[]>> {
  await page.evaluate((vm) => {
    const seen: string[] = [];
    const look = () => {
      const row = [...document.querySelectorAll('tr')].find((one) => one.textContent.includes(vm));
      const status = row?.querySelectorAll('td')[2]?.textContent.trim();
      if (status !== undefined && status !== seen.at(-1)) seen.push(status);
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    Object.assign(window, { seenStatuses: seen });
  }, name);
  return () => page.evaluate(() => (window as unknown as { seenStatuses: string[] }).seenStatuses);
}

test('an empty list invites to create a VM, which then runs', async ({
  page,
  context,
  project,
}) => {
  await page.goto(listPath(project));
  await expect(page.getByRole('heading', { name: 'No virtual machines yet' })).toBeVisible();
  await expect(page.getByText(`There are none in project ${project}.`)).toBeVisible();
  // Somebody else has the list open and sees it come.
  const other = await context.newPage();
  await other.goto(listPath(project));
  await expect(other.getByRole('heading', { name: 'No virtual machines yet' })).toBeVisible();
  const statuses = await recordStatuses(other, 'shop');

  const dialog = await openDialog(page, listPath(project));
  await dialog.getByRole('textbox', { name: 'Name' }).fill('shop');
  await dialog.getByRole('textbox', { name: 'Description' }).fill('Sells things');
  await dialog.getByRole('combobox', { name: 'Instance type' }).selectOption(custom);
  await dialog.getByRole('spinbutton', { name: 'Memory', exact: true }).fill('256');
  await dialog.getByRole('combobox', { name: 'Unit of Memory' }).selectOption('MiB');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();

  await expect(page.getByRole('heading', { name: 'shop', level: 1 })).toBeVisible();
  await expect(messages(page).getByText('Created shop')).toBeVisible();
  const details = page.getByRole('region', { name: 'Details' });
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await expect(details.getByText('Sells things')).toBeVisible();
  await expect(details.getByText('1 vCPU, 256 MiB')).toBeVisible();
  await expect(details.getByText('DataSource kubevirt-os-images/micro')).toBeVisible();

  await expect(rowOf(other, 'shop').getByText('Running', { exact: true })).toBeVisible();
  const seen = await statuses();
  expect(seen.at(-1)).toBe('Running');
  // A step that is over before the next picture of the list is drawn is not seen.
  const order = ['Stopped', 'Provisioning', 'Starting', 'Running'];
  expect(seen, 'statuses never go back').toEqual(order.filter((one) => seen.includes(one)));

  await other.goto(listPath());
  await expect(other.getByRole('columnheader')).toHaveText([
    ...['', 'Name', 'Project', 'Status', 'Node', 'IP address'],
    ...['CPU', 'Memory', 'Created', 'Actions'],
  ]);
  await expect(rowOf(other, 'shop').getByRole('gridcell')).toHaveText([
    ...['', /shop$/, project, 'Running', /node-[12]$/, /^\d+\.\d+\.\d+\.\d+( \+\d+)?$/],
    ...['1', '256 MiB', /now|minute/, ''],
  ]);
});

test('three clicks make a running guest of what suits the boot source', async ({
  page,
  program,
  project,
}) => {
  await page.goto(listPath(project));
  await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create virtual machine' });
  await dialog.getByRole('radio', { name: /^Micro Linux/ }).click();
  const name = await dialog.getByRole('textbox', { name: 'Name' }).inputValue();
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  const types = 'jsonpath={.spec.instancetype.name} {.spec.preference.name}';
  const get = ['get', 'vm', name, '--namespace', project, '--output', types];
  expect(await kubectl(program, get)).toBe('u1.nano linux');
});

test('a name that exists is refused at its field, and the values stay', async ({
  page,
  program,
  project,
}) => {
  await createVm(program, { name: 'taken', namespace: project, runStrategy: 'Halted' });
  const dialog = await openDialog(page, listPath(project));
  const name = dialog.getByRole('textbox', { name: 'Name' });
  const description = dialog.getByRole('textbox', { name: 'Description' });
  await name.fill('taken');
  await description.fill('kept');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(name).toHaveAccessibleDescription(
    /virtualmachines.kubevirt.io "taken" already exists/,
  );
  await expect(name).toHaveValue('taken');
  await expect(description).toHaveValue('kept');

  await name.fill('free');
  await dialog.getByText('Start as soon as it is created').click();
  await expect(dialog.getByRole('switch')).not.toBeChecked();
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'free', level: 1 })).toBeVisible();
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible();
  const strategy = 'jsonpath={.spec.runStrategy}';
  const get = ['get', 'vm', 'free', '--namespace', project, '--output', strategy];
  expect(await kubectl(program, get)).toBe('Halted');
});

test('a bad name is refused before anything is sent', async ({ page, project }) => {
  const dialog = await openDialog(page, listPath(project));
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/virtualmachines')) {
      requests.push(request.url());
    }
  });
  const name = dialog.getByRole('textbox', { name: 'Name' });
  for (const [bad, reason] of [
    ['Shop', 'Use small letters a to z, digits and hyphens.'],
    ['-shop', 'Begin and end with a letter or a digit.'],
    ['', 'Give it a name.'],
    ['s'.repeat(64), 'A name has at most 63 characters.'],
  ] as const) {
    await name.fill(bad);
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(name).toHaveAccessibleDescription(new RegExp(reason));
    await expect(name).toHaveAttribute('aria-invalid', 'true');
  }
  expect(requests).toEqual([]);
});

test('more memory than any node has is refused in the words of the server', async ({
  page,
  project,
}) => {
  const dialog = await openDialog(page, listPath(project));
  const memory = dialog.getByRole('spinbutton', { name: 'Memory', exact: true });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('giant');
  await dialog.getByRole('combobox', { name: 'Instance type' }).selectOption(custom);
  // Too much in MiB and in GiB alike.
  await memory.fill('900000');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(memory).toHaveAccessibleDescription(
    /no node has so much memory, a guest can have \d+Mi at most/,
  );
  await expect(memory).toHaveValue('900000');
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('giant');
});
