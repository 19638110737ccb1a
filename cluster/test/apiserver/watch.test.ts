import { request, type IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { configMaps } from '../../src/client/resources.ts';
import { adminToken, boat, boats, boatsPath, send, startServer } from './apiServerFixture.ts';
import { Frames, watchAt, watchHttp } from './watchFixture.ts';
import { definitionsPath, ship, shipDefinition, shipsPath, withShips } from './shipFixture.ts';

const name = (key: string) => ({ namespace: 'default', name: key });
const relabel = (labels: object) => ({ type: 'merge', body: { metadata: { labels } } }) as const;

test('a watch from a revision tells every later change in order', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('before'));
  const { resourceVersion } = await server.client.list(boats);
  await server.client.create(boats, boat('ann'));
  const frames = await watchHttp(server, `resourceVersion=${resourceVersion}`);
  await frames.take(1);
  await server.client.patch(boats, name('ann'), relabel({ a: 'b' }));
  await server.client.delete(boats, name('ann'));
  expect(await frames.take(3)).toEqual(['ADDED ann', 'MODIFIED ann', 'DELETED ann']);
});

test('without a revision the watch begins with what is there', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  const frames = await watchHttp(server, '');
  expect(await frames.take(1)).toEqual(['ADDED ann']);
});

test('an object that leaves or enters the selector is DELETED or ADDED', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann', 1, { fleet: 'red' }));
  const frames = await watchHttp(server, 'labelSelector=fleet%3Dred');
  await frames.take(1);
  await server.client.patch(boats, name('ann'), relabel({ fleet: 'blue' }));
  await server.client.patch(boats, name('ann'), relabel({ fleet: 'red' }));
  expect(await frames.take(3)).toEqual(['ADDED ann', 'DELETED ann', 'ADDED ann']);
  const [added, left, back] = frames.seen.map(({ object }) => object.metadata);
  expect(left).toMatchObject({ labels: { fleet: 'red' } });
  const revisions = [added, left, back].map((metadata) => Number(metadata?.resourceVersion));
  expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
  expect(new Set(revisions).size).toBe(3);
});

test('a revision that the log has forgotten is a 410 ERROR event, then the end', async () => {
  const server = await startServer({ watchLogLimit: 4 });
  const { resourceVersion } = await server.client.list(boats);
  for (let i = 0; i < 8; i += 1) await server.client.create(boats, boat(`boat-${i}`));
  const frames = await watchHttp(server, `resourceVersion=${resourceVersion}`);
  await frames.until(() => frames.ended);
  expect(frames.seen).toMatchObject([
    { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } },
  ]);
});

test('bookmarks tell how far the client has come, and the end of the initial events', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  const query = 'allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
  const frames = await watchHttp(server, query);
  await frames.until(() => frames.seen.length >= 2);
  const { resourceVersion } = await server.client.list(boats);
  expect(frames.seen[1]).toMatchObject({
    type: 'BOOKMARK',
    object: {
      kind: 'Boat',
      metadata: { resourceVersion, annotations: { 'k8s.io/initial-events-end': 'true' } },
    },
  });
});

test.each([
  ['watch=true&sendInitialEvents=true', 'requires setting resourceVersionMatch to NotOlderThan'],
  ['sendInitialEvents=true', 'sendInitialEvents is forbidden for list'],
])('%s is refused', async (query, why) => {
  const server = await startServer();
  const { body } = await send(server, 'GET', `${boatsPath}?${query}`);
  expect(body).toMatchObject({ code: 422, message: expect.stringContaining(why) as string });
});

test('a watch without initial events begins with what comes', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  const query = 'sendInitialEvents=false&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1';
  const frames = await watchHttp(server, query);
  await frames.until(() => frames.seen.length >= 1);
  await server.client.create(boats, boat('bea'));
  await frames.until(() => frames.seen.length >= 2);
  expect(frames.seen.map(({ type }) => type)).toEqual(['BOOKMARK', 'ADDED']);
});

test('a watch can show metadata alone', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
  const frames = await watchHttp(server, '', accept);
  expect(await frames.take(1)).toEqual(['ADDED ann']);
  expect(frames.seen[0]?.object).toMatchObject({ kind: 'PartialObjectMetadata' });
  expect(frames.seen[0]?.object).not.toHaveProperty('spec');
});

test('a watch ends after timeoutSeconds', async () => {
  const server = await startServer();
  const frames = await watchHttp(server, 'timeoutSeconds=1');
  await frames.until(() => frames.ended);
  expect(frames.seen).toEqual([]);
});

test('watches of a defined resource end when its definition changes and when it goes', async () => {
  const server = await withShips();
  const definition = `${definitionsPath}/ships.harbour.example.com`;
  await send(server, 'POST', shipsPath, ship('ann'));
  const { url } = await server.listen({ port: 0 });
  const first = watchAt(`${url}${shipsPath}?watch=true`);
  await first.take(1);
  const names = { names: { ...shipDefinition().spec.names, shortNames: ['shp'] } };
  const merge = { 'content-type': 'application/merge-patch+json' };
  await send(server, 'PATCH', definition, { spec: names }, merge);
  await first.until(() => first.ended);
  const second = watchAt(`${url}${shipsPath}?watch=true`);
  await second.take(1);
  await send(server, 'DELETE', definition);
  await second.until(() => second.ended);
  expect(second.seen.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
});

test('a watch can show tables', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  const frames = await watchHttp(server, '', 'application/json;as=Table;v=v1;g=meta.k8s.io');
  await frames.until(() => frames.seen.length >= 1);
  expect(frames.seen[0]?.object).toMatchObject({
    kind: 'Table',
    rows: [{ cells: ['ann', '', '', expect.anything()] }],
  });
});

test('a WebSocket gives one text frame per event and takes the token as sub-protocol', async () => {
  const server = await startServer();
  const { url } = await server.listen({ port: 0 });
  const token = Buffer.from(adminToken).toString('base64url');
  const socket = new WebSocket(`${url.replace('http', 'ws')}${boatsPath}?watch=true`, [
    `base64url.bearer.authorization.k8s.io.${token}`,
    'binary',
  ]);
  onTestFinished(() => {
    socket.terminate();
  });
  const frames = new Frames();
  socket.on('message', (data: Buffer, isBinary) => {
    expect(isBinary).toBe(false);
    frames.push(data.toString());
  });
  await new Promise((resolve) => socket.once('open', resolve));
  expect(socket.protocol).toBe('binary');
  await server.client.create(boats, boat('ann'));
  expect(await frames.take(1)).toEqual(['ADDED ann']);
});

/** The frames of a watch by WebSocket, with the token in a header as proxies send it. */
function watchSocket(url: string): Frames {
  const socket = new WebSocket(url.replace('http', 'ws'), {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  onTestFinished(() => {
    socket.terminate();
  });
  const frames = new Frames();
  socket.on('message', (data: Buffer) => {
    frames.push(data.toString());
  });
  socket.on('close', () => {
    frames.end();
  });
  return frames;
}

test('a watch by WebSocket tells the same as one by chunks: initial events, bookmarks, changes, 410', async () => {
  const server = await startServer({ watchLogLimit: 6 });
  await server.client.create(boats, boat('ann', 1, { fleet: 'red' }));
  const { url } = await server.listen({ port: 0 });
  const both = async (query: string, drive: () => Promise<void>, count: number) => {
    const path = `${url}${boatsPath}?watch=true&${query}`;
    const [chunked, socket] = [watchAt(path), watchSocket(path)];
    await Promise.all([chunked.take(1), socket.take(1)]);
    await drive();
    await Promise.all([chunked.take(count), socket.take(count)]);
    expect(socket.seen).toEqual(chunked.seen);
    return { chunked, socket };
  };
  const initial =
    'allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
  const { socket } = await both(
    `${initial}&labelSelector=fleet%3Dred`,
    async () => {
      await server.client.patch(boats, name('ann'), relabel({ fleet: 'blue' }));
      await server.client.patch(boats, name('ann'), relabel({ fleet: 'red' }));
      await server.client.delete(boats, name('ann'));
    },
    5,
  );
  const types = socket.seen.map(({ type }) => type);
  expect(types).toEqual(['ADDED', 'BOOKMARK', 'DELETED', 'ADDED', 'DELETED']);
  const { resourceVersion } = await server.client.list(boats);
  for (let i = 0; i < 9; i += 1) await server.client.create(boats, boat(`boat-${i}`));
  const gone = await both(`resourceVersion=${resourceVersion}`, () => Promise.resolve(), 1);
  await Promise.all([
    gone.chunked.until(() => gone.chunked.ended),
    gone.socket.until(() => gone.socket.ended),
  ]);
  expect(gone.socket.seen).toMatchObject([{ type: 'ERROR', object: { code: 410 } }]);
});

test('a reader that stands still is cut off, and others do not notice', async () => {
  const server = await startServer({ resources: [] });
  const { url } = await server.listen({ port: 0 });
  const path = '/api/v1/namespaces/default/configmaps?watch=true';
  const headers = { authorization: `Bearer ${adminToken}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(`${url}${path}`, { headers }, resolve);
    sent.on('error', reject);
    sent.end();
    onTestFinished(() => void sent.destroy());
  });
  response.pause();
  response.on('error', () => undefined);
  const closed = new Promise((resolve) => response.once('close', resolve));
  let told = 0;
  const { resourceVersion } = await server.client.list(configMaps);
  server.client.watch(
    configMaps,
    { resourceVersion },
    () => (told += 1),
    () => undefined,
  );
  const count = 2000;
  const text = 'x'.repeat(20_000);
  for (let batch = 0; batch < count; batch += 1000) {
    await Promise.all(
      Array.from({ length: 1000 }, (_, i) =>
        server.client.create(configMaps, {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `c${batch + i}`, namespace: 'default' },
          data: { text },
        }),
      ),
    );
  }
  await expect.poll(() => told).toBe(count);
  let lines = 0;
  response.on('data', (chunk: Buffer) => (lines += chunk.toString().split('\n').length - 1));
  await closed;
  expect(lines).toBeLessThan(count);
}, 30_000);
