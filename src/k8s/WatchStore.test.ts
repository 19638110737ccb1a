import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '~/k8s/FakeClock';
import { FakeTransport, settle } from '~/k8s/FakeTransport';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import type { Watched, WatchedRows } from '~/k8s/Watched';
import { type ToRow, WatchStore } from '~/k8s/WatchStore';

type Row = { name: string; phase: string };

const target = { path: '/apis/x/v1/things', labelSelector: undefined, fieldSelector: undefined };

function toRow(object: KubernetesObject): Row {
  return { name: object.metadata?.name ?? '', phase: object.metadata?.labels?.['phase'] ?? '' };
}

function thing(name: string, resourceVersion: number, phase = ''): KubernetesObject {
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: `${resourceVersion}`,
      labels: { phase },
    },
  };
}

let clock: FakeClock;
let server: FakeTransport;
let store: WatchStore;

beforeEach(() => {
  clock = new FakeClock();
  server = new FakeTransport();
  store = new WatchStore(server, clock);
});

class Viewer {
  notified = 0;
  readonly leave: () => void;
  readonly #source;

  constructor(using: ToRow<Row> = toRow) {
    this.#source = store.watchList(target, using);
    this.leave = this.#source.subscribe(() => {
      this.notified += 1;
    });
  }

  get snapshot(): Watched<WatchedRows<Row>> {
    return this.#source.getSnapshot();
  }

  get rows(): readonly Row[] {
    return this.snapshot.state === 'ready' ? this.snapshot.data.rows : [];
  }

  get names(): string[] {
    return this.rows.map((row) => row.name);
  }
}

async function connected(items: KubernetesObject[] = [thing('a', 1), thing('b', 2)]) {
  const viewer = new Viewer();
  await server.answerList(items, '10');
  server.socket.handlers.opened();
  clock.paint();
  return viewer;
}

describe('listing', () => {
  it('shows pages as they come', async () => {
    const viewer = new Viewer();
    expect(viewer.snapshot.state).toBe('loading');
    expect(server.requests[0]?.path).toBe('/apis/x/v1/things?limit=100');

    await server.answerList([thing('a', 1)], '10', 'next page');
    clock.paint();
    expect(viewer.snapshot).toMatchObject({ data: { rows: [{ name: 'a' }], complete: false } });
    expect(server.requests[0]?.path).toBe('/apis/x/v1/things?limit=500&continue=next+page');

    await server.answerList([thing('b', 2)], '11');
    clock.paint();
    expect(viewer.names).toEqual(['a', 'b']);
    expect(viewer.snapshot).toMatchObject({ data: { complete: true } });
    expect(server.socket.path).toContain('resourceVersion=10');
  });

  it('never says that there is nothing while it cannot know', async () => {
    const viewer = new Viewer();
    await server.answerList([], '10', 'next page');
    clock.paint();
    expect(viewer.snapshot).toMatchObject({ state: 'ready', data: { complete: false } });
    await server.refuseList(503);
    clock.paint();
    expect(viewer.snapshot).toMatchObject({ state: 'error', error: { status: 503 } });

    clock.pass(60_000);
    await server.answerList([], '11');
    clock.paint();
    expect(viewer.snapshot).toEqual({ state: 'ready', data: { rows: [], complete: true } });
  });

  it('takes a null list for an empty one', async () => {
    const viewer = new Viewer();
    server.requests.shift()?.answer({ metadata: { resourceVersion: '1' }, items: null });
    await settle();
    clock.paint();
    expect(viewer.snapshot).toEqual({ state: 'ready', data: { rows: [], complete: true } });
  });

  it('shows a refusal and asks again only when told to', async () => {
    const viewer = new Viewer();
    await server.refuseList(403);
    clock.paint();
    const { snapshot } = viewer;
    if (snapshot.state !== 'error') throw new Error(`unexpected ${snapshot.state}`);
    expect(snapshot.error).toMatchObject({ status: 403, detail: 'refused 403' });
    clock.pass(60_000);
    expect(server.requests).toHaveLength(0);

    snapshot.retry();
    await server.answerList([thing('a', 1)], '1');
    clock.paint();
    expect(viewer.names).toEqual(['a']);
  });

  it('keeps asking an unreachable server, ever more slowly', async () => {
    const viewer = new Viewer();
    await server.refuseList(undefined);
    clock.paint();
    expect(viewer.snapshot.state).toBe('error');
    clock.pass(375);
    await server.refuseList(undefined);
    clock.pass(375);
    expect(server.requests).toHaveLength(0);
    clock.pass(375);
    expect(server.requests).toHaveLength(1);
  });
});

describe('watching', () => {
  it('adds, changes and removes rows, and tells once per frame', async () => {
    const viewer = await connected();
    const told = viewer.notified;
    server.send('ADDED', thing('c', 11));
    server.send('MODIFIED', thing('a', 12, 'Running'));
    server.send('DELETED', thing('b', 13));
    expect(viewer.names).toEqual(['a', 'b']);
    clock.paint();
    expect(viewer.rows).toEqual([
      { name: 'a', phase: 'Running' },
      { name: 'c', phase: '' },
    ]);
    expect(viewer.notified).toBe(told + 1);
  });

  it('keeps rows that show the same, and says nothing when none changed', async () => {
    const viewer = await connected();
    const [first] = viewer.rows;
    const told = viewer.notified;
    server.send('MODIFIED', thing('a', 12));
    clock.paint();
    expect(viewer.notified).toBe(told);
    server.send('MODIFIED', thing('b', 13, 'Running'));
    clock.paint();
    expect(viewer.rows[0]).toBe(first);
  });

  it('resumes where it was, bookmarks included, without calling it a loss', async () => {
    const viewer = await connected();
    clock.pass(5_000);
    server.send('BOOKMARK', { metadata: { resourceVersion: '40' } });
    server.socket.handlers.closed();
    clock.pass(300);
    expect(server.sockets).toHaveLength(2);
    expect(server.socket.path).toContain('resourceVersion=40');
    clock.paint();
    expect(viewer.snapshot).not.toHaveProperty('stale');
  });

  it('lists anew when the server forgot the version, and drops what is gone', async () => {
    const viewer = await connected();
    const [first] = viewer.rows;
    server.send('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' });
    expect(viewer.names).toEqual(['a', 'b']);
    await server.answerList([thing('a', 1), thing('c', 50)], '60');
    clock.paint();
    expect(viewer.names).toEqual(['a', 'c']);
    expect(viewer.rows[0]).toBe(first);
    expect(server.socket.path).toContain('resourceVersion=60');
  });

  it('says that data is stale while the connection is lost, until it is back', async () => {
    const viewer = await connected();
    clock.pass(5_000);
    server.socket.handlers.closed();
    clock.pass(300);
    server.socket.handlers.closed();
    clock.paint();
    expect(viewer.snapshot).toMatchObject({ state: 'ready', stale: { title: 'Connection lost' } });
    expect(viewer.names).toEqual(['a', 'b']);

    clock.pass(30_000);
    await server.answerList([thing('a', 1)], '70');
    clock.paint();
    expect(viewer.snapshot).toHaveProperty('stale');
    server.socket.handlers.opened();
    clock.paint();
    expect(viewer.snapshot).not.toHaveProperty('stale');
    expect(viewer.names).toEqual(['a']);
  });

  it('opens a new socket when the old one is silent for too long', async () => {
    await connected();
    for (let minute = 0; minute < 5; minute += 1) clock.pass(60_000);
    expect(server.sockets.map((socket) => socket.closed)).toEqual([true, false]);
  });

  it('keeps a socket on which something comes now and then', async () => {
    await connected();
    for (let minute = 0; minute < 10; minute += 1) {
      clock.pass(60_000);
      if (minute === 3) {
        server.socket.handlers.message(
          JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } }),
        );
      }
      if (minute === 7) expect(server.sockets.map(({ closed }) => closed)).toEqual([false]);
    }
    expect(server.sockets.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it('reports a message that it cannot read and begins anew', async () => {
    const viewer = await connected();
    server.socket.handlers.message('{');
    clock.paint();
    expect(viewer.snapshot).toHaveProperty('stale');
    clock.pass(1_000);
    expect(server.requests).toHaveLength(1);
  });
});

describe('sharing', () => {
  it('has one stream for all who look at the same rows', async () => {
    const first = await connected();
    const second = new Viewer();
    expect(server.requests).toHaveLength(0);
    expect(second.rows).toBe(first.rows);
  });

  it('lists anew for another kind of row, with one stream for both', async () => {
    const first = await connected();
    const second = new Viewer((object) => ({ name: `${object.metadata?.name}!`, phase: '' }));
    expect(second.snapshot.state).toBe('loading');
    expect(first.names).toEqual(['a', 'b']);
    await server.answerList([thing('a', 1), thing('b', 2)], '20');
    clock.paint();
    expect(second.names).toEqual(['a!', 'b!']);
    expect(store.openStreams).toBe(1);
    expect(server.sockets.filter((socket) => !socket.closed)).toHaveLength(1);
  });

  it('stays open for one who returns, and closes after the last has left', async () => {
    const viewer = await connected();
    viewer.leave();
    clock.pass(4_000);
    const returned = new Viewer();
    expect(returned.names).toEqual(['a', 'b']);
    clock.pass(5_000);
    expect(store.openStreams).toBe(1);
    returned.leave();
    clock.pass(5_000);
    expect(store.openStreams).toBe(0);
    expect(server.socket.closed).toBe(true);
  });
});

it('takes in 10,000 objects and a storm of events without a long task', async () => {
  const viewer = new Viewer();
  let longest = 0;
  const measured = async (run: () => unknown) => {
    const before = performance.now();
    await run();
    longest = Math.max(longest, performance.now() - before);
  };
  for (let page = 0; page < 20; page += 1) {
    const items = Array.from({ length: 500 }, (_, n) => thing(`vm-${page * 500 + n}`, 1));
    await measured(() => server.answerList(items, '5', page < 19 ? `${page}` : undefined));
    clock.pass(200);
    await measured(() => {
      clock.paint();
    });
  }
  server.socket.handlers.opened();
  for (let frame = 0; frame < 60; frame += 1) {
    for (let n = 0; n < 9; n += 1)
      server.send('MODIFIED', thing(`vm-${n}`, 100 + frame, `${frame}`));
    clock.pass(200);
    await measured(() => {
      clock.paint();
    });
  }
  expect(viewer.rows).toHaveLength(10_000);
  // The goal is 50 ms; the margin is for a loaded test machine.
  expect(longest).toBeLessThan(150);
});
