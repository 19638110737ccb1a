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
