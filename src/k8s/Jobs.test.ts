import { expect, test } from 'vitest';

import { Jobs } from './Jobs';

/** Promises that are settled by hand. */
function manual(count: number) {
  const settle: { done: () => void; fail: (error: Error) => void }[] = [];
  let running = 0;
  let most = 0;
  const items = Array.from({ length: count }, (_, index) => ({
    namespace: 'n',
    name: `vm-${index}`,
    run: () =>
      new Promise<void>((resolve, reject) => {
        running += 1;
        most = Math.max(most, running);
        const end = (then: () => void) => () => {
          running -= 1;
          then();
        };
        settle[index] = { done: end(resolve), fail: (error) => end(() => reject(error))() };
      }),
  }));
  return { items, settle, most: () => most };
}

const states = (jobs: Jobs) => jobs.getSnapshot()[0]?.items.map(({ state }) => state);
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a few at a time, each with its own result', async () => {
  const jobs = new Jobs(() => 7);
  const { items, settle, most } = manual(6);
  const ended = jobs.start({ title: 'Stop', command: '', items });
  await turn();
  expect(states(jobs)).toEqual(['running', 'running', 'running', 'running', 'waiting', 'waiting']);
  settle[1]?.fail(new Error('no such machine'));
  settle[0]?.done();
  await turn();
  for (const index of [2, 3, 4, 5]) settle[index]?.done();
  const job = await ended;
  expect(most()).toBe(4);
  expect(job.endedAt).toBe(7);
  expect(job.items.map(({ state }) => state)).toEqual([
    'succeeded',
    'failed',
    ...Array<string>(4).fill('succeeded'),
  ]);
  expect(job.items[1]?.failure?.detail).toBe('no such machine');
});

test('the rest can be cancelled, and what is under way ends by itself', async () => {
  const jobs = new Jobs(() => 0);
  const { items, settle } = manual(5);
  const ended = jobs.start({ title: 'Start', command: '', items });
  await turn();
  jobs.cancel(1);
  for (const index of [0, 1, 2, 3]) settle[index]?.done();
  const job = await ended;
  expect(job.items.map(({ state }) => state)).toEqual([
    ...Array<string>(4).fill('succeeded'),
    'cancelled',
  ]);
});

test('only what failed is done again', async () => {
  const jobs = new Jobs(() => 0);
  const calls: string[] = [];
  let isBroken = true;
  const item = (name: string) => ({
    namespace: 'n',
    name,
    run: () => {
      calls.push(name);
      return name === 'b' && isBroken ? Promise.reject(new Error('x')) : Promise.resolve();
    },
  });
  const job = await jobs.start({ title: '', command: '', items: [item('a'), item('b')] });
  expect(job.items.map(({ state }) => state)).toEqual(['succeeded', 'failed']);
  isBroken = false;
  await jobs.retry(job.id);
  expect(calls).toEqual(['a', 'b', 'b']);
  expect(states(jobs)).toEqual(['succeeded', 'succeeded']);
});

test('a job of thousands is told of far less often than it changes', async () => {
  const waiting: (() => void)[] = [];
  const jobs = new Jobs(
    () => 0,
    (tell) => waiting.push(tell),
  );
  let told = 0;
  jobs.subscribe(() => {
    told += 1;
  });
  const count = 10_000;
  const items = Array.from({ length: count }, (_, index) => ({
    ...{ namespace: 'n', name: `vm-${index}`, run: () => Promise.resolve() },
  }));
  const job = await jobs.start({ title: '', command: '', items });
  expect(job.items.filter(({ state }) => state === 'succeeded')).toHaveLength(count);
  expect(waiting).toHaveLength(1);
  waiting[0]?.();
  expect(told).toBe(1);
  expect(jobs.getSnapshot()[0]?.endedAt).toBe(0);
  expect(jobs.getSnapshot()).toBe(jobs.getSnapshot());
});
