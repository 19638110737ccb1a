import type { Page } from '@playwright/test';

import { type Figure, median, toSeconds } from './Figure.ts';
import { withBrowser, withProgram } from './withProgram.ts';

const runs = 3;

/** From the click on Create in the dialog to the first picture of the guest (the micro guest). */
export function createToPicture(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(async (program) => {
      const page = await browser.newPage();
      await page.goto(program.url);
      const times: number[] = [];
      for (let run = 0; run < runs; run++) times.push(await once(page, `picture-${run}`));
      return [{ name: 'create-to-picture', value: toSeconds(median(times)), unit: 's' }];
    }),
  );
}

async function once(page: Page, name: string): Promise<number> {
  await page.getByRole('link', { name: 'Virtual machines' }).first().click();
  await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  // The image is made in the background; from then on its boot source can be chosen.
  await dialog.getByRole('radio', { name: /Micro/ }).check({ timeout: 120_000 });
  const start = performance.now();
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('tab', { name: 'Console' }).click();
  await page.waitForFunction(
    () => {
      const canvas = document.querySelector('canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context || canvas.width === 0) return false;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, index) => index % 4 < 3 && value > 64);
    },
    undefined,
    { polling: 'raf', timeout: 120_000 },
  );
  return performance.now() - start;
}
