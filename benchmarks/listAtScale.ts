import type { Figure } from './Figure.ts';
import { firstRow, heapMegabytes, largeList, longestTask, observeTasks } from './largeList.ts';
import { longestOfMainThread } from './mainThread.ts';
import { largeClusterFlags } from './withLargeCluster.ts';
import { withBrowser, withProgram } from './withProgram.ts';

const runs = 3;

/** What is typed: something that few rows have, and back to all of them. */
const typed = ['v', 'm', '-', '1', '2', 'Backspace', 'Backspace', 'Backspace'];

/**
 * The list with 10,000 virtual machines of the simulated runtime in 50 projects. Of several reloads the best one
 * counts, as others use the machine too; the `work` of a task is the processor's time alone.
 */
export function listAtScale(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(async (program) => {
      const { page, devtools, waitForAll } = await largeList(browser, program);
      await page.addInitScript(observeTasks);
      const toRow: number[] = [];
      const longest: number[] = [];
      const work: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        const reload = async () => {
          const start = performance.now();
          await page.reload();
          await firstRow(page);
          toRow.push(performance.now() - start);
          await waitForAll();
        };
        work.push((await longestOfMainThread(browser, reload)).work);
        longest.push(await longestTask(page));
      }
      const heap = await heapMegabytes(devtools);
      const search = page.getByRole('combobox', { name: 'Search' });
      await search.focus();
      for (const key of typed) await page.keyboard.press(key, { delay: 120 });
      const answers = await page.evaluate(() => window.keyAnswers);
      const typing = Math.round(Math.max(0, ...answers));
      const least = (values: readonly number[]) => Math.round(Math.min(...values));
      return [
        { name: 'list-10k-first-row', value: least(toRow), unit: 'ms', budget: 1500 },
        { name: 'list-10k-longest-task', value: least(longest), unit: 'ms', budget: 100 },
        { name: 'list-10k-longest-task-work', value: least(work), unit: 'ms' },
        { name: 'list-10k-heap', value: heap, unit: 'MB', budget: 120 },
        { name: 'list-10k-typing', value: typing, unit: 'ms', budget: 50 },
      ];
    }, largeClusterFlags),
  );
}
