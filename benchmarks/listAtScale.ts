import type { Figure } from './Figure.ts';
import { firstRow, heapMegabytes, largeList, longestTask, observeTasks } from './largeList.ts';
import { largeClusterFlags } from './withLargeCluster.ts';
import { withBrowser, withProgram } from './withProgram.ts';

/** What is typed: something that few rows have, and back to all of them. */
const typed = ['v', 'm', '-', '1', '2', 'Backspace', 'Backspace', 'Backspace'];

/** The list with 10,000 virtual machines of the simulated runtime in 50 projects. */
export function listAtScale(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(async (program) => {
      const { page, devtools, waitForAll } = await largeList(browser, program);
      await page.addInitScript(observeTasks);
      const start = performance.now();
      await page.reload();
      await firstRow(page);
      const toRow = performance.now() - start;
      await waitForAll();
      const longest = await longestTask(page);
      const heap = await heapMegabytes(devtools);
      const search = page.getByRole('combobox', { name: 'Search' });
      await search.focus();
      for (const key of typed) await page.keyboard.press(key, { delay: 120 });
      const answers = await page.evaluate(() => window.keyAnswers);
      return [
        { name: 'list-10k-first-row', value: Math.round(toRow), unit: 'ms' },
        { name: 'list-10k-longest-task', value: longest, unit: 'ms' },
        { name: 'list-10k-heap', value: heap, unit: 'MB' },
        { name: 'list-10k-typing', value: Math.round(Math.max(0, ...answers)), unit: 'ms' },
      ];
    }, largeClusterFlags),
  );
}
