// Makes the pictures of this folder; `npm run picture` prepares what it needs.
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { screenOf, waitForLogin } from '../integration-tests/screen.ts';
import { withBrowser, withProgram } from '../benchmarks/withProgram.ts';

const folder = join(import.meta.dirname, 'pictures');

async function createVm(page: Page, name: string, start: boolean): Promise<void> {
  await page.getByRole('link', { name: 'Virtual machines' }).first().click();
  await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('radio', { name: /Micro/ }).check({ timeout: 120_000 });
  if (!start) await dialog.getByRole('switch').uncheck({ force: true });
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

await withBrowser((browser) =>
  withProgram(async ({ url }) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(120_000);
    // esbuild, by which this program runs, names functions so, also those that are sent to the page.
    await page.addInitScript('globalThis.__name = (named) => named;');
    await page.goto(url);
    await createVm(page, 'web-frontend', true);
    await createVm(page, 'database', true);
    await createVm(page, 'build-agent', false);
    await createVm(page, 'mail', true);
    const picture = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
    const openList = async () => {
      await page.getByRole('link', { name: 'Virtual machines' }).first().click();
      await page.getByText('Running').nth(2).waitFor();
    };
    await page.getByRole('tab', { name: 'Console' }).click();
    await waitForLogin(screenOf(page, 'mail'));
    await picture('console');
    await openList();
    await picture('vm-list');
    await page.getByRole('combobox').first().fill('status:running memory<2Gi -name:ma');
    await page.getByText('2 of 4').waitFor();
    await page.keyboard.press('Escape');
    await picture('search');
    await page.getByRole('combobox').first().fill('');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'web-frontend' }).click();
    // Its screen, and the first measures.
    await page.getByRole('img', { name: /Screen of web-frontend/ }).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(30_000);
    await picture('overview');
    await openList();
    await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'All options' }).click();
    await page.getByRole('heading', { name: 'Create virtual machine', level: 1 }).waitFor();
    await page.getByRole('button', { name: /Disks/ }).click();
    await page.getByRole('heading', { name: 'Disks', level: 2 }).waitFor();
    await picture('wizard');
  }),
);
