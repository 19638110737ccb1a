import type { Browser, CDPSession } from '@playwright/test';

/** What of a trace event is read. Microseconds; `tdur` is the time that a processor has worked for it. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  tdur?: number;
  args: { name?: string };
}

const taskName = 'ThreadControllerImpl::RunTask';

/**
 * The longest task of the page's main thread while `work` runs, in milliseconds that a processor has worked for
 * it: what a busy machine adds by making it wait is not in it.
 */
export async function longestTaskWork(
  browser: Browser,
  work: () => Promise<void>,
): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    // The parse boundary: what Chromium writes into a trace.
    events.push(...(value as unknown as TraceEvent[]));
  });
  const includedCategories = ['toplevel', '__metadata'];
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories, excludedCategories: ['*'] },
  });
  try {
    await work();
  } finally {
    await endTrace(session);
  }
  const threads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(threadOf),
  );
  const tasks = events.filter((one) => one.name === taskName && threads.has(threadOf(one)));
  return Math.round(tasks.reduce((most, { tdur = 0 }) => Math.max(most, tdur), 0) / 1000);
}

const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;

async function endTrace(session: CDPSession): Promise<void> {
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
}
