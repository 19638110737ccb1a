import type { Browser, CDPSession } from '@playwright/test';

/** What of a trace event is read. Microseconds; of `dur` a processor has worked for `tdur`. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

const taskName = 'ThreadControllerImpl::RunTask';

/** Collections of garbage, of new objects and of all. */
const collections: readonly string[] = ['MinorGC', 'MajorGC'];

/** Milliseconds. */
export interface MainThread {
  /** The longest task, by the time that a processor has worked for it: without what a busy machine adds. */
  work: number;
  /** The longest collection, by the clock: the main thread waits in it for threads that help. */
  collection: number;
}

/** What the page's main thread does longest while `work` runs. */
export async function longestOfMainThread(
  browser: Browser,
  work: () => Promise<void>,
): Promise<MainThread> {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    // The parse boundary: what Chromium writes into a trace.
    events.push(...(value as unknown as TraceEvent[]));
  });
  const includedCategories = ['toplevel', '__metadata', 'v8'];
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
  const longest = (names: readonly string[], time: 'dur' | 'tdur') => {
    const found = events.filter((one) => names.includes(one.name) && threads.has(threadOf(one)));
    return Math.round(found.reduce((most, one) => Math.max(most, one[time] ?? 0), 0) / 1000);
  };
  return { work: longest([taskName], 'tdur'), collection: longest(collections, 'dur') };
}

const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;

async function endTrace(session: CDPSession): Promise<void> {
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
}
