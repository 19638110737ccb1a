import { expect, listPath, messages, rowOf, test } from './fixtures.ts';
import { createVm, kubectl } from './kubectl.ts';

test('the list and its actions are used by the keyboard alone', async ({
  page,
  program,
  project,
}) => {
  for (const name of ['oak', 'elm', 'fir']) {
    await createVm(program, { name, namespace: project, runStrategy: 'Halted' });
  }
  await page.goto(listPath(project));
  await expect(rowOf(page, 'oak')).toBeVisible();
  const { keyboard } = page;
  const focused = page.locator(':focus');
  const search = page.getByRole('combobox', { name: 'Search' });

  /** Goes on with Tab until something has the focus; fails when it is not to be reached. */
  const tabTo = async (wanted: string, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
    const passed: string[] = [];
    for (let steps = 0; steps < 60; steps += 1) {
      await keyboard.press(key);
      const name = await page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent.slice(0, 60) ?? '';
      });
      if (name.trim() === wanted) return;
      passed.push(name.trim());
    }
    throw new Error(`${wanted} is not reached by ${key}, but ${passed.join(', ')}`);
  };

  await test.step('a search is completed, becomes a chip, and is taken back', async () => {
    await keyboard.press('/');
    await expect(search).toBeFocused();
    await keyboard.type('-name:o');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await expect(rowOf(page, 'oak')).toBeHidden();
    await tabTo('Remove -name:oak');
    await keyboard.press('Enter');
    await expect(rowOf(page, 'oak')).toBeVisible();
  });

  await test.step('the list is sorted the other way, and a column made wider', async () => {
    await keyboard.press('/');
    await tabTo('Name');
    await keyboard.press('Enter');
    await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute(
      'aria-sort',
      'descending',
    );
    await tabTo('Width of Name');
    const before = Number(await focused.getAttribute('aria-valuenow'));
    await keyboard.press('ArrowRight');
    await expect
      .poll(async () => Number(await focused.getAttribute('aria-valuenow')))
      .toBeGreaterThan(before);
  });

  await test.step('rows are gone through and chosen', async () => {
    // The last heading, then the one row that is a stop.
    for (let steps = 0; steps < 40; steps += 1) {
      await keyboard.press('Tab');
      if (await focused.evaluate((element) => element.matches('tr'))) break;
    }
    await expect(rowOf(page, 'oak')).toBeFocused();
    await keyboard.press('ArrowDown');
    await expect(rowOf(page, 'fir')).toBeFocused();
    await keyboard.press(' ');
    await keyboard.press('Shift+ArrowDown');
    await expect(rowOf(page, 'elm')).toHaveAttribute('aria-selected', 'true');
    await expect(rowOf(page, 'oak')).toHaveAttribute('aria-selected', 'false');
  });

  await test.step('labels of both are set in a dialog that begins at its first field', async () => {
    await tabTo('Actions for 2 selected', 'Shift+Tab');
    await keyboard.press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Start', exact: true })).toBeFocused();
    const edit = page.getByRole('menuitem', { name: 'Edit labels and annotations' });
    for (let steps = 0; steps < 20; steps += 1) {
      if (await edit.evaluate((element) => element === document.activeElement)) break;
      await keyboard.press('ArrowDown');
    }
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Edit labels and annotations' });
    await expect(dialog.getByRole('textbox', { name: 'Set labels' })).toBeFocused();
    await keyboard.type('team=not allowed');
    await expect(dialog.getByText('The cluster would refuse this now for 2 of them')).toBeVisible();
    await keyboard.press('Control+a');
    await keyboard.type('team=red');
    await expect(dialog.getByText('The cluster would refuse this now')).toBeHidden();
    await tabTo('Save');
    await keyboard.press('Enter');
    await expect(
      messages(page).getByText('Edit labels and annotations: 2 of 2 done'),
    ).toBeVisible();
    const labels = ['get', 'vm', '-l', 'team=red', '-o', 'name', '--namespace', project];
    expect((await kubectl(program, labels)).split('\n').sort()).toEqual([
      'virtualmachine.kubevirt.io/elm',
      'virtualmachine.kubevirt.io/fir',
    ]);
  });

  await test.step('the menu of one row opens the dialog of its labels, and Escape leaves both', async () => {
    await rowOf(page, 'oak').focus();
    await tabTo('Actions for oak');
    await keyboard.press('Enter');
    const edit = page.getByRole('menuitem', { name: 'Edit labels and annotations' });
    for (let steps = 0; steps < 30; steps += 1) {
      if (await edit.evaluate((element) => element === document.activeElement)) break;
      await keyboard.press('ArrowDown');
    }
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Edit labels and annotations' });
    await expect(dialog.getByRole('textbox', { name: 'Labels' })).toBeFocused();
    await keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('Enter opens a VM', async () => {
    await rowOf(page, 'elm').focus();
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'elm', level: 1 })).toBeVisible();
  });
});
