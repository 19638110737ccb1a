import type { Browser, CDPSession, Page } from '@playwright/test';

import type { Program } from '../integration-tests/program.ts';
import { machineCount } from './withLargeCluster.ts';

/** A page with the list of 10,000 virtual machines in 50 projects, once its first row is there. */
export async function largeList(browser: Browser, program: Program) {
  const page = await browser.newPage();
  await page.goto(program.url);
  await firstRow(page);
  const devtools = await page.context().newCDPSession(page);
  const waitForAll = () =>
    page
      .getByText(`${machineCount.toLocaleString('en')} virtual machines`)
      .waitFor({ timeout: 120_000 });
  return { page, devtools, waitForAll };
}

declare global {
  interface Window {
    /** Milliseconds that the page could do nothing else, all over 50. */
    longTasks: number[];
    /** Milliseconds from a key to the picture after it, all over 16. */
    keyAnswers: number[];
  }
}

/** For `addInitScript`: measures from the beginning of the page. */
export function observeTasks(): void {
  window.longTasks = [];
  window.keyAnswers = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  const events = new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (name === 'keydown' || name === 'input') window.keyAnswers.push(duration);
    }
  });
  const options = { type: 'event', durationThreshold: 16 };
  events.observe(options);
}

/** The longest of the long tasks; 0 when there was none, that is none over 50 ms. */
export async function longestTask(page: Page): Promise<number> {
  return Math.round(await page.evaluate(() => Math.max(0, ...window.longTasks)));
}

export async function firstRow(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^vm-/ }).first().waitFor({ timeout: 120_000 });
}

/** What is used after a collection. */
export async function heapMegabytes(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return Math.round(usedSize / 1e6);
}
