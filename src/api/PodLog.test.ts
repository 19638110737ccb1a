import { afterEach, beforeEach, expect, it, vi } from 'vitest';

// The host is not there in a unit test; nothing is asked of it.
vi.mock('~/api/podLogs', () => ({ podLogFollow: () => new Promise(() => undefined) }));
const { maxLogLines, PodLog } = await import('./PodLog');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function logOf(...pieces: string[]): InstanceType<typeof PodLog> {
  const log = new PodLog({ namespace: 'shop', pod: 'web', container: 'compute' });
  pieces.forEach((piece) => {
    log.add(piece);
  });
  vi.runAllTimers();
  return log;
}

it('joins lines that come in pieces, and shows the one that has no end yet', () => {
  expect(logOf('one\ntw', 'o\nthr').get().lines).toEqual(['one', 'two', 'thr']);
});

it('takes out what only a terminal understands', () => {
  expect(logOf('\u001b[1;32mgreen\u001b[0m\r\n').get().lines).toEqual(['green']);
});

it('keeps the newest lines only, and counts the others', () => {
  const { lines, dropped } = logOf('line\n'.repeat(maxLogLines + 5)).get();
  expect(lines).toHaveLength(maxLogLines);
  expect(dropped).toBe(5);
});
