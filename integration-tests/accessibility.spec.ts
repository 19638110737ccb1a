import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, listPath, rowOf, test, vmPath } from './fixtures.ts';
import { createVm } from './kubectl.ts';
import { screenOf, waitForLogin } from './screen.ts';

/** Colours that are still on their way have no contrast of their own. What turns for ever is left out. */
async function colorsSettled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

async function expectAccessible(page: Page, what: string, except: string[]): Promise<void> {
  await test.step(what, async () => {
    const { violations } = await new AxeBuilder({ page }).disableRules(except).analyze();
    const found = violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map(({ target }) => target.join(' ')),
    }));
    expect(found, what).toEqual([]);
  });
}

test('no page has a fault that axe can find, light or dark', async ({ page, program, project }) => {
  test.setTimeout(360_000);
  const inBoth = async (what: string, except: string[] = []) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const isDark = () =>
        page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
      await expect.poll(isDark).toContain(colorScheme);
      await colorsSettled(page);
      await expectAccessible(page, `${what}, ${colorScheme}`, except);
    }
  };

  await page.goto(listPath(project));
  await expect(page.getByRole('heading', { name: 'No virtual machines yet' })).toBeVisible();
  await inBoth('the empty list');

  await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create virtual machine' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('-');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(dialog.getByText('Begin and end with a letter or a digit.')).toBeVisible();
  await dialog.getByRole('button', { name: 'View YAML' }).click();
  await inBoth('the dialog that creates, with an error');
  await page.keyboard.press('Escape');

  await createVm(program, { name: 'plain', namespace: project });
  await createVm(program, { name: 'idle', namespace: project, runStrategy: 'Halted' });
  await expect(rowOf(page, 'plain').getByText('Running', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Actions for idle' }).click();
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toBeVisible();
  // PatternFly puts an open menu at the end of the document, where no table can cut it off; the
  // button that opened it has the focus moved there.
  await inBoth('the list with a menu open', ['region']);

  await page.goto(vmPath(project, 'plain'));
  await expect(page.getByRole('region', { name: 'Events' }).getByRole('listitem')).not.toHaveCount(
    0,
  );
  await inBoth('the overview');
  await page.getByRole('tab', { name: 'YAML' }).click();
  await expect(page.getByText('kind: VirtualMachine')).toBeVisible();
  await inBoth('the YAML');
  await page.getByRole('tab', { name: 'Console' }).click();
  await waitForLogin(screenOf(page, 'plain'));
  await inBoth('the screen');
  await page.getByRole('button', { name: 'Serial', exact: true }).click();
  await expect(page.getByText('Press Enter for a prompt.')).toBeVisible();
  await inBoth('the serial line');
  await page.getByRole('button', { name: 'SSH', exact: true }).click();
  await page.getByRole('radio', { name: 'Private key' }).check();
  await inBoth('the login by SSH');
  await page.goto(`${listPath(project)}?view=screens`);
  await expect(page.getByRole('img', { name: 'Screen of plain' })).toBeVisible();
  await inBoth('the screens of the list');
  await page.goto(vmPath(project, 'idle', 'console'));
  await expect(page.getByRole('heading', { name: 'idle is not running' })).toBeVisible();
  await inBoth('the console of a VM that does not run');

  const types = '/k8s/cluster/instancetype.kubevirt.io~v1beta1~VirtualMachineCluster';
  await page.goto(`${types}Instancetype`);
  await expect(page.getByRole('link', { name: 'cx1.medium', exact: true })).toBeVisible();
  await inBoth('the instance types');
  await page.goto(`${types}Preference/fedora`);
  await expect(page.getByRole('region', { name: 'Details' })).toBeVisible();
  await inBoth('a preference');
  await page.goto(`/k8s/ns/${project}/template.kubevirt.io~v1beta1~VirtualMachineTemplate`);
  await expect(page.getByRole('heading', { name: 'No templates yet' })).toBeVisible();
  await inBoth('the empty list of templates');
  await page.getByRole('button', { name: 'Create template' }).click();
  await page.getByRole('menuitem', { name: 'By form or YAML' }).click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Create' })).toBeVisible();
  await inBoth('the form of a template');
  await page.keyboard.press('Escape');

  await page.goto(vmPath(project, 'nobody'));
  await expect(page.getByRole('heading', { name: /no virtual machine nobody/ })).toBeVisible();
  await inBoth('the page of a VM that there is not');
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await inBoth('a page that there is not');
});
