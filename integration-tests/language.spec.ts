import { expect, listPath, test } from './fixtures.ts';

test('a chosen language is spoken at once, and still after a reload', async ({ page, project }) => {
  await page.goto(listPath(project));
  await page.getByRole('button', { name: /^User: / }).click();
  await page.getByRole('menuitem', { name: 'Deutsch' }).click();
  const heading = page.getByRole('heading', { name: 'Virtuelle Maschinen', level: 1 });
  await expect(heading).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('link', { name: 'Virtuelle Maschinen' })).toBeVisible();

  await page.reload();
  await expect(heading).toBeVisible();

  await page.getByRole('button', { name: /^Benutzer: / }).click();
  await page.getByRole('menuitem', { name: 'Wie der Browser' }).click();
  await expect(page.getByRole('heading', { name: 'Virtual machines', level: 1 })).toBeVisible();
});

test.describe('in a browser that asks for Japanese', () => {
  test.use({ locale: 'ja-JP' });

  test('the console speaks Japanese', async ({ page, project }) => {
    await page.goto(listPath(project));
    await expect(page.getByRole('heading', { name: '仮想マシン', level: 1 })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  });
});
