import { expect, test } from 'vitest';
import { boat, boats, boatsPath, send, startServer } from './apiServerFixture.ts';

const key = { namespace: 'default', name: 'ann' };

test('a stale update is 409 with the text of Kubernetes', async () => {
  const server = await startServer();
  const ann = await server.client.create(boats, boat('ann'));
  await server.client.update(boats, { ...ann, spec: { crew: 4 } });
  const reply = await send(server, 'PUT', `${boatsPath}/ann`, { ...ann, spec: { crew: 5 } });
  expect(reply.code).toBe(409);
  expect(reply.body).toMatchObject({
    reason: 'Conflict',
    message:
      'Operation cannot be fulfilled on boats.sea.example.com "ann": the object has been modified; please apply your changes to the latest version and try again',
  });
});

test('the generation counts changes of the spec only', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  const merge = (body: unknown) => server.client.patch(boats, key, { type: 'merge', body });
  expect((await merge({ metadata: { labels: { a: 'b' } } })).metadata.generation).toBe(1);
  expect((await merge({ spec: { crew: 9 } })).metadata.generation).toBe(2);
});

test('status and spec are written apart', async () => {
  const server = await startServer();
  const ann = await server.client.create(boats, { ...boat('ann'), status: { phase: 'Sunk' } });
  expect(ann.status).toBeUndefined();
  const afloat = await server.client.updateStatus(boats, {
    ...ann,
    spec: { crew: 99 },
    status: { phase: 'Afloat' },
  });
  expect(afloat).toMatchObject({ spec: { crew: 3 }, status: { phase: 'Afloat' } });
  const manned = await server.client.update(boats, {
    ...afloat,
    spec: { crew: 7 },
    status: { phase: 'Sunk' },
  });
  expect(manned).toMatchObject({ spec: { crew: 7 }, status: { phase: 'Afloat' } });
});

test('an update that changes nothing keeps the resourceVersion', async () => {
  const server = await startServer();
  const ann = await server.client.create(boats, boat('ann'));
  const same = await server.client.update(boats, ann);
  expect(same.metadata.resourceVersion).toBe(ann.metadata.resourceVersion);
});

test('what the server sets cannot be changed', async () => {
  const server = await startServer();
  const ann = await server.client.create(boats, boat('ann'));
  const forged = {
    ...ann,
    metadata: { ...ann.metadata, generation: 77, creationTimestamp: '2000-01-01T00:00:00Z' },
  };
  expect((await server.client.update(boats, forged)).metadata).toEqual(ann.metadata);
});

test('patches that race are all applied', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  await Promise.all(
    ['a', 'b', 'c'].map((label) =>
      server.client.patch(boats, key, {
        type: 'merge',
        body: { metadata: { labels: { [label]: 'x' } } },
      }),
    ),
  );
  const { labels } = (await server.client.get(boats, key)).metadata;
  expect(labels).toEqual({ a: 'x', b: 'x', c: 'x' });
});

test.each<['PUT' | 'PATCH', type: string, query: string]>([
  ['PUT', 'application/json', ''],
  ['PATCH', 'application/merge-patch+json', ''],
  ['PATCH', 'application/apply-patch+yaml', '?fieldManager=test&force=true'],
])('a %s (%s) with the uid of another object is 409', async (method, type, query) => {
  const server = await startServer();
  const ann = await server.client.create(boats, boat('ann'));
  const stale = { ...boat('ann', 9), metadata: { ...boat('ann').metadata, uid: 'another' } };
  const reply = await send(server, method, `${boatsPath}/ann${query}`, stale, {
    'content-type': type,
  });
  expect(reply).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
  expect(reply.body['message']).toContain(
    `Precondition failed: UID in precondition: another, UID in object meta: ${ann.metadata.uid}`,
  );
  expect(await server.client.get(boats, key)).toEqual(ann);
});
