import type { Page } from '@playwright/test';

import { expect, listPath, rowOf, test } from './fixtures.ts';
import { createVm } from './kubectl.ts';
import { logIn, readScreen, runInGuest, screenOf, waitForLogin } from './screen.ts';

test.use({ viewport: { width: 390, height: 844 } });

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overhang = () =>
    page.evaluate(() => {
      // The page itself, and every part of it that scrolls as the page does.
      const parts = [document.documentElement, ...document.querySelectorAll('main, main *')].filter(
        (part) => part.clientHeight > 300 && getComputedStyle(part).overflowX !== 'hidden',
      );
      return Math.max(...parts.map((part) => part.scrollWidth - part.clientWidth));
    });
  await expect.poll(overhang).toBeLessThanOrEqual(0);
}

test('list, page and consoles can be used on a phone', async ({ page, program, project }) => {
  const name = 'pocket';
  await createVm(program, { name, namespace: project });
  await page.goto(listPath(project));
  const row = rowOf(page, name);
  await expect(row.getByText('Running', { exact: true })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  const forceStop = page.getByRole('menuitem', { name: 'Force stop' });
  await forceStop.scrollIntoViewIfNeeded();
  // Where a menu scrolls, a part of a pixel of an item may be under its edge.
  await expect(forceStop).toBeInViewport({ ratio: 0.97 });
  const { x, width } = (await forceStop.boundingBox()) ?? { x: -1, width: 0 };
  expect(x, 'nothing is cut off at the left').toBeGreaterThanOrEqual(0);
  expect(x + width, 'or at the right').toBeLessThanOrEqual(390);
  await page.keyboard.press('Escape');

  await row.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Disks' })).toBeVisible();
  await expectNoSidewaysScroll(page);

  await page.getByRole('tab', { name: 'Console' }).click();
  const screen = screenOf(page, name);
  const letters = await waitForLogin(screen);
  await expect(screen).toBeInViewport({ ratio: 1 });
  await screen.click();
  await page.keyboard.type('root', { delay: 30 });
  await expect.poll(() => readScreen(screen, letters)).toMatch(/login. root/);
  await expectNoSidewaysScroll(page);

  await logIn(page, name);
  expect(await runInGuest(page, name, 'hostname')).toBe(name);
  await expectNoSidewaysScroll(page);

  await page.getByRole('button', { name: 'SSH', exact: true }).click();
  await page.getByRole('radio', { name: 'Private key' }).check();
  await page.getByRole('button', { name: 'Log in', exact: true }).scrollIntoViewIfNeeded();
  await expectNoSidewaysScroll(page);
  await page.goto(`${listPath(project)}?view=screens`);
  await expect(page.getByRole('img', { name: `Screen of ${name}` })).toBeInViewport();
  await expectNoSidewaysScroll(page);
});

test('a VM is created on a phone', async ({ page, project }) => {
  await page.goto(listPath(project));
  await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create virtual machine' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('hand');
  await expectNoSidewaysScroll(page);
  await dialog.getByText('Start as soon as it is created').click();
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'hand', level: 1 })).toBeVisible();
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible();
});
