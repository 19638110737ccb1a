import type { CDPSession, Page } from '@playwright/test';

import type { Figure } from './Figure.ts';
import { seed } from './seed.mjs';
import { withBrowser, withProgram } from './withProgram.ts';

const count = 10_000;

/** The list with 10,000 virtual machines of the simulated runtime in 50 projects. */
export function listAtScale(): Promise<Figure[]> {
  return withBrowser((browser) =>
    withProgram(
      async (program) => {
        await seed({ kubeconfig: program.kubeconfig, count, projects: 50 });
        const page = await browser.newPage();
        await page.goto(program.url);
        await firstRow(page);
        await page.addInitScript(observeLongTasks);
        const devtools = await page.context().newCDPSession(page);
        const start = performance.now();
        await page.reload();
        await firstRow(page);
        const toRow = performance.now() - start;
        await page.getByText(`${count} virtual machines`).waitFor({ timeout: 120_000 });
        const longest = await page.evaluate(() => Math.max(0, ...window.longTasks));
        return [
          { name: 'list-10k-first-row', value: Math.round(toRow), unit: 'ms' },
          { name: 'list-10k-longest-task', value: Math.round(longest), unit: 'ms' },
          { name: 'list-10k-heap', value: await heapMegabytes(devtools), unit: 'MB' },
        ];
      },
      ['--runtime', 'simulated'],
    ),
  );
}

declare global {
  interface Window {
    longTasks: number[];
  }
}

function observeLongTasks(): void {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
}

async function firstRow(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^vm-/ }).first().waitFor({ timeout: 120_000 });
}

async function heapMegabytes(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return Math.round(usedSize / 1e6);
}
