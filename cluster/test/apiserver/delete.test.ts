import { expect, test } from 'vitest';
import { namespaces, pods } from '../../src/client/resources.ts';
import { boat, boats, boatsPath, send, startServer } from './apiServerFixture.ts';

const key = { namespace: 'default', name: 'ann' };

test('finalizers keep an object until the last one goes', async () => {
  const server = await startServer();
  const draft = boat('ann');
  const metadata = { ...draft.metadata, finalizers: ['example.com/anchor'] };
  await server.client.create(boats, { ...draft, metadata });
  const reply = await send(server, 'DELETE', `${boatsPath}/ann`);
  expect(reply.body).toMatchObject({
    metadata: { deletionTimestamp: expect.any(String) as string, deletionGracePeriodSeconds: 0 },
  });
  await server.client.patch(boats, key, { type: 'merge', body: { metadata: { finalizers: [] } } });
  await expect(server.client.get(boats, key)).rejects.toMatchObject({ reason: 'NotFound' });
});

test('a plain deletion answers with Success', async () => {
  const server = await startServer();
  const ann = await server.client.create(boats, boat('ann'));
  const reply = await send(server, 'DELETE', `${boatsPath}/ann`);
  expect(reply.body).toMatchObject({
    kind: 'Status',
    status: 'Success',
    details: { name: 'ann', kind: 'boats', uid: ann.metadata.uid },
  });
  expect((await send(server, 'DELETE', `${boatsPath}/ann`)).code).toBe(404);
});

test('preconditions that do not hold are 409', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  const body = { preconditions: { uid: 'another' } };
  const reply = await send(server, 'DELETE', `${boatsPath}/ann`, body);
  expect(reply.body).toMatchObject({ code: 409, reason: 'Conflict' });
});

test('the propagation policy becomes a finalizer', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  await server.client.delete(boats, key, { propagationPolicy: 'Foreground' });
  const { metadata } = await server.client.get(boats, key);
  expect(metadata.finalizers).toEqual(['foregroundDeletion']);
});

test('a pod on a node gets its grace period, and goes with grace period 0', async () => {
  const server = await startServer();
  const podKey = { namespace: 'default', name: 'p' };
  await server.client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: podKey,
    spec: { containers: [{ name: 'a' }], nodeName: 'node01', terminationGracePeriodSeconds: 45 },
  });
  await server.client.delete(pods, podKey);
  const { metadata } = await server.client.get(pods, podKey);
  expect(metadata.deletionGracePeriodSeconds).toBe(45);
  await server.client.delete(pods, podKey, { gracePeriodSeconds: 0 });
  await expect(server.client.get(pods, podKey)).rejects.toMatchObject({ code: 404 });
});

test('a namespace goes when it is finalized, and takes nothing new before', async () => {
  const server = await startServer();
  const name = 'harbour';
  await server.client.create(namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  });
  await server.client.delete(namespaces, { name });
  const harbour = await server.client.get(namespaces, { name });
  expect(harbour.status?.phase).toBe('Terminating');
  const late = { ...boat('ann'), metadata: { name: 'ann', namespace: name } };
  await expect(server.client.create(boats, late)).rejects.toMatchObject({ code: 403 });
  const body = { ...harbour, spec: { finalizers: [] } };
  await send(server, 'PUT', `/api/v1/namespaces/${name}/finalize`, body);
  await expect(server.client.get(namespaces, { name })).rejects.toMatchObject({ code: 404 });
});

test('a collection is deleted by selector', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann', 1, { old: 'yes' }));
  await server.client.create(boats, boat('bea'));
  await send(server, 'DELETE', `${boatsPath}?labelSelector=old`);
  const left = await server.client.list(boats);
  expect(left.items.map(({ metadata }) => metadata.name)).toEqual(['bea']);
});

test('collections of all namespaces cannot be deleted at once', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  expect((await send(server, 'DELETE', '/apis/sea.example.com/v1/boats')).code).toBe(405);
  expect((await server.client.list(boats)).items).toHaveLength(1);
});

test('a collection is not touched by a dry run, and goes with the options of its body', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  await server.client.create(boats, boat('bea'));
  const dry = await send(server, 'DELETE', boatsPath, { dryRun: ['All'] });
  expect(dry.body).toMatchObject({ kind: 'BoatList', items: [{}, {}] });
  expect((await server.client.list(boats)).items).toHaveLength(2);
  await send(server, 'DELETE', boatsPath, { propagationPolicy: 'Foreground' });
  const { items } = await server.client.list(boats);
  expect(items.map(({ metadata }) => metadata.finalizers)).toEqual([
    ['foregroundDeletion'],
    ['foregroundDeletion'],
  ]);
});
