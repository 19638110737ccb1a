import { expect, test } from 'vitest';
import type { Clock } from '../../src/client/Clock.ts';
import { EventRecorder } from '../../src/client/EventRecorder.ts';
import { Reconciler } from '../../src/client/Reconciler.ts';
import { events } from '../../src/client/resources.ts';
import { boat, boats, startServer } from './apiServerFixture.ts';

/** A clock that stands until a test moves it. */
class TestClock implements Clock {
  private time = 0;
  private timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  setTimeout(callback: () => void, milliseconds: number): object {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.push(timer);
    return timer;
  }

  clearTimeout(timer: object | number): void {
    this.timers = this.timers.filter((candidate) => candidate !== timer);
  }

  get next(): number | undefined {
    const [first] = this.timers.toSorted((a, b) => a.at - b.at);
    return first && first.at - this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.timers.filter(({ at }) => at <= this.time);
    this.timers = this.timers.filter(({ at }) => at > this.time);
    for (const { callback } of due) callback();
  }
}

test('a key is worked on once at a time, and again when it was added meanwhile', async () => {
  const runs: string[] = [];
  let release: () => void = () => undefined;
  const reconciler = new Reconciler({
    name: 'boats',
    reconcile: async (key) => {
      runs.push(key);
      if (runs.length === 1) await new Promise<void>((resolve) => (release = resolve));
      return undefined;
    },
  });
  reconciler.add('a');
  reconciler.add('a');
  await expect.poll(() => runs).toEqual(['a']);
  reconciler.add('a');
  reconciler.add('a');
  release();
  await reconciler.settled();
  expect(runs).toEqual(['a', 'a']);
});

test('failures are tried again after 50 ms, doubling up to 30 s', async () => {
  const clock = new TestClock();
  const logged: string[] = [];
  const reconciler = new Reconciler({
    name: 'boats',
    clock,
    random: () => 0,
    log: (message) => logged.push(message),
    reconcile: () => Promise.reject(new Error('no wind')),
  });
  const delays: (number | undefined)[] = [];
  reconciler.add('a');
  for (let i = 0; i < 12; i += 1) {
    await reconciler.settled();
    delays.push(clock.next);
    clock.advance(clock.next ?? 0);
  }
  expect(delays.slice(0, 4)).toEqual([50, 100, 200, 400]);
  expect(delays.at(-1)).toBe(30_000);
  expect(logged[0]).toBe('boats a: no wind (again in 50 ms)');
  await reconciler.close();
});

test('requeueAfterMs brings the key back', async () => {
  const clock = new TestClock();
  let runs = 0;
  const reconciler = new Reconciler({
    name: 'boats',
    clock,
    reconcile: () => {
      runs += 1;
      return Promise.resolve(runs === 1 ? { requeueAfterMs: 5000 } : {});
    },
  });
  reconciler.add('a');
  await reconciler.settled();
  clock.advance(5000);
  await reconciler.settled();
  expect(runs).toBe(2);
});

test('closing waits for the work that runs', async () => {
  let finished = false;
  const reconciler = new Reconciler({
    name: 'boats',
    reconcile: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      finished = true;
      return undefined;
    },
  });
  reconciler.add('a');
  await reconciler.close();
  expect(finished).toBe(true);
});

test('an event that repeats is counted instead of written again', async () => {
  const server = await startServer();
  const ann = await server.client.create(boats, boat('ann'));
  const recorder = new EventRecorder(server.client, { component: 'harbour' });
  recorder.normal(ann, 'Sailed', 'Boat has sailed');
  recorder.normal(ann, 'Sailed', 'Boat has sailed');
  recorder.warning(ann, 'Leaking', 'Water in the boat');
  await recorder.settled();
  const fieldSelector = `involvedObject.uid=${ann.metadata.uid}`;
  const { items } = await server.client.list(events, { fieldSelector });
  expect(items).toHaveLength(2);
  expect(items.find(({ reason }) => reason === 'Sailed')).toMatchObject({
    type: 'Normal',
    count: 2,
    source: { component: 'harbour' },
    involvedObject: { kind: 'Boat', name: 'ann', namespace: 'default' },
  });
});
