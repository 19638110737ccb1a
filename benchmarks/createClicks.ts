import type { Locator, Page } from '@playwright/test';

import { type Figure, median, toSeconds } from './Figure.ts';
import { withBrowser, withProgram } from './withProgram.ts';

const runs = 3;

/** From the list to a guest that asks for a login (the micro guest): how many clicks, and how long. */
export function createClicks(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(async (program) => {
      const page = await browser.newPage();
      await page.goto(program.url);
      // The image is made in the background; from then on its boot source is chosen by itself.
      await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
      await page.getByRole('radio', { name: /Micro/ }).check({ timeout: 120_000 });
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      const times: number[] = [];
      let clicks = 0;
      for (let run = 0; run < runs; run += 1) {
        const start = performance.now();
        clicks = await create(page);
        await loginPrompt(page);
        times.push(performance.now() - start);
        await page.getByRole('link', { name: 'Virtual machines' }).first().click();
      }
      return [
        { name: 'create-clicks', value: clicks, unit: 'clicks' },
        { name: 'create-clicks-time', value: toSeconds(median(times)), unit: 's' },
      ];
    }),
  );
}

/** Everything has a good default: what is left is to want it. Gives the clicks that it took. */
async function create(page: Page): Promise<number> {
  let clicks = 0;
  const click = async (button: Locator) => {
    await button.click();
    clicks += 1;
  };
  await click(page.getByRole('button', { name: 'Create virtual machine' }).first());
  const dialog = page.getByRole('dialog');
  const source = dialog.getByRole('radio', { name: /Micro/ });
  await source.waitFor();
  if (!(await source.isChecked())) await click(source);
  await click(dialog.getByRole('button', { name: 'Create', exact: true }));
  return clicks;
}

/** The console is only for seeing it, and no click of the creation. */
async function loginPrompt(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Console' }).click();
  await page.getByRole('button', { name: 'Serial', exact: true }).click();
  const prompt = page.getByRole('listitem').filter({ hasText: / login:/ });
  const line = page.getByRole('textbox', { name: /^Serial line of/ });
  // What was printed before the console was opened is not seen: a new prompt is asked for.
  for (;;) {
    await line.press('Enter');
    const found = prompt.first().waitFor({ timeout: 2000 });
    if (
      await found.then(
        () => true,
        () => false,
      )
    )
      return;
  }
}
