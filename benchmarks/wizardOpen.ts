import { type Figure, median } from './Figure.ts';
import { pluginScripts } from './pluginScripts.ts';
import { withBrowser, withProgram } from './withProgram.ts';

const runs = 3;

/** From the click that opens the full wizard until it can be used, and the script that it loads for it. */
export function wizardOpen(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(
      async (program) => {
        const times: number[] = [];
        const sizes: number[] = [];
        for (let run = 0; run < runs; run += 1) {
          const context = await browser.newContext();
          const page = await context.newPage();
          await page.goto(program.url);
          await page.getByRole('button', { name: 'Create virtual machine' }).first().click();
          const dialog = page.getByRole('dialog');
          await dialog.getByRole('textbox', { name: 'Name' }).waitFor();
          await page.waitForLoadState('networkidle');
          const loaded = pluginScripts(page);
          const start = performance.now();
          await dialog.getByRole('button', { name: 'All options' }).click();
          await page.getByRole('navigation', { name: 'Steps' }).waitFor();
          times.push(performance.now() - start);
          await page.waitForLoadState('networkidle');
          sizes.push(await loaded());
          await context.close();
        }
        return [
          { name: 'wizard-open', value: Math.round(median(times)), unit: 'ms' },
          { name: 'wizard-open-bytes', value: median(sizes), unit: 'bytes' },
        ];
      },
      ['--runtime', 'simulated'],
    ),
  );
}
