import { beforeEach, expect, test } from 'vitest';

import { FakeClock } from './FakeClock';
import { FakeTransport, settle } from './FakeTransport';
import type { KubernetesObject } from './KubernetesObject';
import { WatchStore } from './WatchStore';

let clock: FakeClock;
let server: FakeTransport;

beforeEach(() => {
  clock = new FakeClock();
  server = new FakeTransport();
});

const toName = ({ metadata }: KubernetesObject) => metadata?.name ?? '';
const thing = (name: string, version = '1'): KubernetesObject => ({
  metadata: { name, uid: name, resourceVersion: version },
});

function sweep(count: number) {
  const paths = Array.from({ length: count }, (_, index) => `/p${index}`);
  const store = new WatchStore(server, clock);
  const source = store.watchList(
    { paths, labelSelector: undefined, fieldSelector: undefined },
    toName,
  );
  source.subscribe(() => undefined);
  return source;
}

async function answerRound(...lists: (string[] | number)[]) {
  for (const list of lists) {
    if (typeof list === 'number') await server.refuseList(list);
    else
      await server.answerList(
        list.map((name) => thing(name)),
        '1',
      );
  }
  await settle();
  clock.paint();
}

test('all collections are read, a few at a time, and no watch is opened', async () => {
  const source = sweep(5);
  await settle();
  expect(server.requests).toHaveLength(3);
  await answerRound(['a'], [], ['b'], [], ['c']);
  expect(source.getSnapshot()).toMatchObject({
    state: 'ready',
    data: { rows: ['a', 'b', 'c'], complete: true },
  });
  expect(server.sockets).toEqual([]);
});

test('the next round takes away what is gone', async () => {
  const source = sweep(2);
  await answerRound(['a'], ['b']);
  clock.pass(10_000);
  await settle();
  await answerRound(['a'], []);
  expect(source.getSnapshot()).toMatchObject({ data: { rows: ['a'] } });
});

test('what the user may not list is left out', async () => {
  const source = sweep(2);
  await answerRound(403, ['b']);
  expect(source.getSnapshot()).toMatchObject({ state: 'ready', data: { rows: ['b'] } });
});

test('when nothing may be listed that is the answer', async () => {
  const source = sweep(2);
  await answerRound(403, 403);
  expect(source.getSnapshot()).toMatchObject({ state: 'error', error: { status: 403 } });
});

test('a failing server keeps what was known and says so', async () => {
  const source = sweep(2);
  await answerRound(['a'], ['b']);
  clock.pass(10_000);
  await settle();
  await answerRound(['a'], 500);
  expect(source.getSnapshot()).toMatchObject({
    data: { rows: ['a', 'b'] },
    stale: { status: 500 },
  });
});
