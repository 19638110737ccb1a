import type { Locator, Page } from '@playwright/test';

import { expect, listPath, messages, test } from './fixtures.ts';
import { kubectl } from './kubectl.ts';

/** Goes to a place by the Tab key alone. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 300; presses += 1) {
    if ((await target.count()) === 1 && (await isThere())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`300 times Tab do not lead to ${String(target)}`);
}

/** Types over what a field has. */
async function typeInto(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

test('from the list to a virtual machine without a mouse, by the dialog and by every step', async ({
  page,
  program,
  project,
}) => {
  test.setTimeout(180_000);
  await page.goto(listPath(project));
  const open = page.getByRole('button', { name: 'Create virtual machine' }).first();
  await expect(open).toBeEnabled();
  await tabTo(page, open);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Create virtual machine' });
  await expect(dialog.getByRole('radio', { name: /^Micro Linux/ })).toBeChecked();
  await typeInto(page, dialog.getByRole('textbox', { name: 'Name' }), 'keys');
  await tabTo(page, dialog.getByRole('button', { name: 'All options' }));
  await page.keyboard.press('Enter');
  const step = (name: string) =>
    page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name });
  const go = async (name: string) => {
    await tabTo(page, step(name));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name, level: 2 })).toBeVisible();
  };

  await test.step('a card is chosen by arrow keys', async () => {
    await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('keys');
    await tabTo(page, page.getByRole('radio', { name: /^Boot source/ }));
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('radio', { name: /^Template/ })).toBeChecked();
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('radio', { name: /^Boot source/ })).toBeChecked();
    await tabTo(page, page.getByRole('radio', { name: /^Micro Linux/ }));
    await page.keyboard.press('Space');
    await expect(page.getByRole('radio', { name: /^Micro Linux/ })).toBeChecked();
  });

  await go('CPU and memory');
  await tabTo(page, page.getByRole('combobox', { name: 'Instance type' }));
  await page.keyboard.type('Custom');
  await typeInto(page, page.getByRole('spinbutton', { name: 'Cores of a socket' }), '2');

  await go('Disks');
  await tabTo(page, page.getByRole('button', { name: 'Add disk' }));
  await page.keyboard.press('Enter');
  const second = page.getByRole('region', { name: 'disk-2' });
  await typeInto(page, second.getByRole('spinbutton', { name: 'Size' }), '3');

  await go('Networks');
  await tabTo(page, page.getByRole('button', { name: 'SSH (22)' }));
  await page.keyboard.press('Enter');

  await go('First start');
  await typeInto(page, page.getByRole('textbox', { name: 'User', exact: true }), 'eve');

  await go('Running and placement');
  await tabTo(page, page.getByRole('combobox', { name: 'Run strategy' }));
  await page.keyboard.type('Halted');

  await go('Review');
  await expect(page.getByText('The server has checked it and would create it')).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'Create', exact: true }));
  await page.keyboard.press('Enter');
  await expect(messages(page).getByText('Created keys')).toBeVisible();

  const get = (path: string) =>
    kubectl(program, ['get', 'vm/keys', '-n', project, '-o', `jsonpath={${path}}`]);
  expect(await get('.spec.runStrategy')).toBe('Halted');
  expect(await get('.spec.template.spec.domain.cpu.cores')).toBe('2');
  expect(await get('.spec.dataVolumeTemplates[1].spec.storage.resources.requests.storage')).toBe(
    '3Gi',
  );
  expect(await kubectl(program, ['get', 'service/keys-ssh', '-n', project, '-o', 'name'])).toBe(
    'service/keys-ssh',
  );
});
