import type { Browser, Page } from '@playwright/test';

import type { Figure } from './Figure.ts';
import { pluginScripts } from './pluginScripts.ts';
import { withBrowser, withProgram } from './withProgram.ts';

/** A page that is not ours: only what every page of a console loads is loaded there. */
const foreignPage = '/not-a-page-of-ours';

/** Script of the plugin, in bytes after gzip, that a browser loads for a page. */
export function bundle(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(
      async ({ url }) => {
        const foreign = await measure(browser, url, foreignPage, async (page) => {
          await page.getByRole('heading').first().waitFor();
        });
        const list = await measure(browser, url, '/', async (page) => {
          await page.getByRole('button', { name: 'Create virtual machine' }).first().waitFor();
        });
        const wizard = await measure(browser, url, '/', async (page) => {
          await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
          await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).waitFor();
        });
        return [
          { name: 'bundle-list', value: list, unit: 'bytes', budget: 200_000 },
          { name: 'bundle-wizard', value: wizard, unit: 'bytes', budget: 250_000 },
          { name: 'bundle-foreign-page', value: foreign, unit: 'bytes', budget: 15_000 },
        ];
      },
      ['--runtime', 'simulated'],
    ),
  );
}

async function measure(
  browser: Browser,
  url: string,
  path: string,
  open: (page: Page) => Promise<void>,
): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  // The key becomes a cookie first; that page is not counted.
  await page.goto(new URL(`${foreignPage}${new URL(url).search}`, url).href);
  await page.waitForLoadState('networkidle');
  const loaded = pluginScripts(page);
  await page.goto(new URL(path, url).href);
  await open(page);
  await page.waitForLoadState('networkidle');
  const bytes = await loaded();
  await context.close();
  return bytes;
}
