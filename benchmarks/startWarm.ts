import { type Figure, median, toSeconds } from './Figure.ts';
import { withBrowser, withProgram } from './withProgram.ts';

const runs = 3;

/** From the command on a folder that has been used before to a page that can be worked with. */
export function startWarm(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(async (program) => {
      const times: number[] = [];
      for (let run = 0; run < runs; run++) {
        await program.stop();
        const page = await browser.newPage();
        const start = performance.now();
        await program.start();
        await page.goto(program.url);
        await page.getByRole('button', { name: 'Create virtual machine' }).first().waitFor();
        times.push(performance.now() - start);
        await page.close();
      }
      return [{ name: 'start-warm', value: toSeconds(median(times)), unit: 's', budget: 4 }];
    }),
  );
}
