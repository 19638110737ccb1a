// Makes the pictures of this folder; `npm run picture` prepares what it needs.
import { join } from 'node:path';

import type { Page } from '@playwright/test';

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
    await page.goto(url);
    await createVm(page, 'web-frontend', true);
    await createVm(page, 'database', true);
    await createVm(page, 'build-agent', false);
    await createVm(page, 'mail', true);
    await page.getByRole('tab', { name: 'Console' }).click();
    // The guest's boot, until its login prompt stands on the screen.
    await page.waitForTimeout(25_000);
    await page.screenshot({ path: join(folder, 'console.png') });
    await page.getByRole('link', { name: 'Virtual machines' }).first().click();
    await page.getByText('Running').nth(2).waitFor();
    await page.screenshot({ path: join(folder, 'vm-list.png') });
  }),
);
