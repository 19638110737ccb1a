import type { Locator, Page } from '@playwright/test';

import { expect, listPath, messages, rowOf, test } from './fixtures.ts';
import { createVm, kubectl, waitForStatus } from './kubectl.ts';

/** Presses a key until the focus is there: each heading of a list can be sorted and resized by keys. */
async function reach(page: Page, target: Locator, key: string, most = 60): Promise<void> {
  await expect(target).toBeVisible();
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let pressed = 0; pressed < most && !(await isThere()); pressed += 1) {
    await page.keyboard.press(key);
  }
  await expect(target).toBeFocused();
}

test('a VM is found, changed and started without a mouse', async ({ page, program, project }) => {
  const vm = { name: 'reed', namespace: project };
  await createVm(program, { ...vm, runStrategy: 'Halted' });
  await createVm(program, { ...vm, name: 'sedge', runStrategy: 'Halted' });
  await page.goto(listPath(project));
  await expect(rowOf(page, 'sedge')).toBeVisible();

  await page.keyboard.press('/');
  await page.keyboard.type('name:reed');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'sedge')).toBeHidden();
  await reach(page, rowOf(page, 'reed'), 'Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'reed', level: 1 })).toBeVisible();

  const actions = page.getByRole('button', { name: 'Actions for reed' });
  const choose = async (action: string) => {
    await reach(page, actions, 'Tab');
    await page.keyboard.press('Enter');
    await reach(page, page.getByRole('menuitem', { name: action, exact: true }), 'ArrowDown');
    await page.keyboard.press('Enter');
  };
  await choose('Run strategy');
  const dialog = page.getByRole('dialog', { name: 'Run strategy' });
  await expect(dialog.getByRole('combobox', { name: 'Run strategy' })).toBeFocused();
  await page.keyboard.type('Man');
  await reach(page, dialog.getByRole('button', { name: 'Save' }), 'Tab');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  // Where it was before the dialog: nobody begins at the top of the page again.
  await expect(actions).toBeFocused();
  const strategy = [
    'get',
    'vm',
    'reed',
    '--namespace',
    project,
    '-o',
    'jsonpath={.spec.runStrategy}',
  ];
  await expect.poll(() => kubectl(program, strategy)).toBe('Manual');

  await choose('Start');
  await page.keyboard.press('Enter');
  await expect(messages(page).getByText('Starting reed')).toBeVisible();
  await waitForStatus(program, vm, 'Running');

  await reach(page, page.getByRole('tab', { name: 'Console' }), 'Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'VNC console of reed' })).toBeVisible();
});
