import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { adminToken, boat, boats, boatsPath, send, startServer } from './apiServerFixture.ts';

async function withBoats(count: number): Promise<ApiServer> {
  const server = await startServer();
  for (let i = 0; i < count; i += 1) {
    const labels = {
      side: i % 2 === 0 ? 'port' : 'starboard',
      ...(i === 0 ? { flag: 'ship' } : {}),
    };
    await server.client.create(boats, boat(`boat-${i}`, i + 1, labels));
  }
  return server;
}

const names = (body: Record<string, unknown>) =>
  (body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);

test('pages show the state of the first page', async () => {
  const server = await withBoats(5);
  const first = await send(server, 'GET', `${boatsPath}?limit=2`);
  const metadata = first.body['metadata'] as Record<string, string>;
  expect(names(first.body)).toEqual(['boat-0', 'boat-1']);
  expect(metadata['remainingItemCount']).toBe(3);
  await server.client.delete(boats, { namespace: 'default', name: 'boat-3' });
  await server.client.create(boats, boat('boat-2a'));
  const url = `${boatsPath}?limit=3&continue=${metadata['continue'] ?? ''}`;
  const second = await send(server, 'GET', url);
  expect(names(second.body)).toEqual(['boat-2', 'boat-3', 'boat-4']);
  expect(second.body).toMatchObject({ metadata: { resourceVersion: metadata['resourceVersion'] } });
});

test('a continue token that has gone is 410 Expired', async () => {
  const server = await withBoats(1);
  const token = Buffer.from(JSON.stringify({ v: 'x', rv: 1, start: '/' })).toString('base64url');
  const reply = await send(server, 'GET', `${boatsPath}?continue=${token}`);
  expect(reply.body).toMatchObject({ code: 410, reason: 'Expired' });
});

test('the rest of a list whose pages have gone can be had as it is now', async () => {
  const server = await withBoats(3);
  const start = 'default/boat-0';
  const token = Buffer.from(JSON.stringify({ v: 'x', rv: 1, start })).toString('base64url');
  const { body } = await send(server, 'GET', `${boatsPath}?continue=${token}`);
  const { continue: next = '' } = body['metadata'] as { continue?: string };
  await server.client.delete(boats, { namespace: 'default', name: 'boat-1' });
  const rest = await send(server, 'GET', `${boatsPath}?limit=5&continue=${next}`);
  expect(names(rest.body)).toEqual(['boat-2']);
  const { resourceVersion } = await server.client.list(boats);
  expect(rest.body).toMatchObject({ metadata: { resourceVersion } });
});

test('a list is shown exactly as it was, as far back as the log of changes reaches', async () => {
  const server = await startServer({ watchLogLimit: 8 });
  await server.client.create(boats, boat('ann'));
  await server.client.create(boats, boat('bea'));
  const { resourceVersion: then } = await server.client.list(boats);
  const key = (name: string) => ({ namespace: 'default', name });
  await server.client.delete(boats, key('ann'));
  await server.client.patch(boats, key('bea'), { type: 'merge', body: { spec: { crew: 9 } } });
  await server.client.create(boats, boat('cleo'));
  const exact = (more = '') =>
    send(server, 'GET', `${boatsPath}?resourceVersion=${then}&resourceVersionMatch=Exact${more}`);
  const shown = await exact();
  expect(shown.body).toMatchObject({
    metadata: { resourceVersion: then },
    items: [
      { metadata: { name: 'ann' }, spec: { crew: 3 } },
      { metadata: { name: 'bea' }, spec: { crew: 3 } },
    ],
  });
  const page = await exact('&limit=1');
  const { continue: next } = page.body['metadata'] as { continue: string };
  const second = await send(server, 'GET', `${boatsPath}?continue=${next}`);
  expect([...names(page.body), ...names(second.body)]).toEqual(['ann', 'bea']);
  const newer = `${boatsPath}?resourceVersion=${then}&resourceVersionMatch=NotOlderThan`;
  expect(names((await send(server, 'GET', newer)).body)).toEqual(['bea', 'cleo']);
  for (let crew = 10; crew < 30; crew += 1) {
    await server.client.patch(boats, key('bea'), { type: 'merge', body: { spec: { crew } } });
  }
  expect((await exact()).body).toMatchObject({ code: 410, reason: 'Expired' });
});

test.each([
  ['GET', `${boatsPath}?resourceVersion=999999999`],
  ['GET', `${boatsPath}?resourceVersion=999999999&resourceVersionMatch=Exact`],
  ['GET', `${boatsPath}/boat-0?resourceVersion=999999999`],
] as const)('%s %s asks for a revision that is yet to come', async (method, url) => {
  const server = await withBoats(1);
  expect((await send(server, method, url)).body).toMatchObject({
    code: 504,
    reason: 'Timeout',
    message: expect.stringMatching(
      /^Timeout: Too large resource version: 999999999, current: \d+$/,
    ) as string,
    details: {
      retryAfterSeconds: 1,
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    },
  });
});

test.each([
  ['labelSelector=flag', ['boat-0']],
  ['labelSelector=!flag,side=port', ['boat-2']],
  ['labelSelector=side in (port,aft),flag notin (ship)', ['boat-2']],
  ['labelSelector=side!=port', ['boat-1']],
  ['fieldSelector=metadata.name=boat-1', ['boat-1']],
  ['fieldSelector=spec.crew=3', ['boat-2']],
  ['fieldSelector=spec.crew!=3,metadata.namespace=default', ['boat-0', 'boat-1']],
])('%s selects %j', async (query, expected) => {
  const server = await withBoats(3);
  const reply = await send(server, 'GET', `${boatsPath}?${encodeURI(query)}`);
  expect(names(reply.body)).toEqual(expected);
});

test('a field that cannot be selected by is 400', async () => {
  const server = await withBoats(0);
  const reply = await send(server, 'GET', `${boatsPath}?fieldSelector=spec.name=x`);
  expect(reply.body).toMatchObject({ code: 400, message: 'field label not supported: spec.name' });
});

test('a table has the columns of the resource', async () => {
  const server = await withBoats(1);
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
  const reply = await send(server, 'GET', boatsPath, undefined, { accept });
  expect(reply.body).toMatchObject({
    kind: 'Table',
    columnDefinitions: [
      { name: 'Name', priority: 0 },
      { name: 'Phase', priority: 0 },
      { name: 'Ready', priority: 1 },
      { name: 'Age', priority: 0 },
    ],
    rows: [
      {
        cells: ['boat-0', '', '', expect.stringMatching(/^\d+s$/) as string],
        object: { kind: 'PartialObjectMetadata', metadata: { name: 'boat-0' } },
      },
    ],
  });
});

test('metadata alone can be asked for', async () => {
  const server = await withBoats(1);
  const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
  const reply = await send(server, 'GET', boatsPath, undefined, { accept });
  expect(reply.body).toMatchObject({ kind: 'PartialObjectMetadataList' });
  expect(reply.body['items']).toEqual([
    expect.not.objectContaining({ spec: expect.anything() as unknown }),
  ]);
});

test('large replies are compressed', async () => {
  const server = await startServer();
  for (let i = 0; i < 3; i += 1) {
    const draft = boat(`boat-${i}`);
    const annotations = { text: 'x'.repeat(60_000) };
    await server.client.create(boats, { ...draft, metadata: { ...draft.metadata, annotations } });
  }
  const headers = { authorization: `Bearer ${adminToken}`, 'accept-encoding': 'gzip' };
  const response = await server.inject({ method: 'GET', url: boatsPath, headers });
  expect(response.headers['content-encoding']).toBe('gzip');
  const list = JSON.parse(gunzipSync(response.rawPayload).toString()) as { items: unknown[] };
  expect(list.items).toHaveLength(3);
});
