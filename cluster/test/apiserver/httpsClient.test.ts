import { expect, onTestFinished, test } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { ApiError } from '../../src/apiserver/ApiError.ts';
import { httpsClient } from '../../src/client/httpsClient.ts';
import type { WatchEvent } from '../../src/client/KubeClient.ts';
import { adminToken, boat, type Boat, boats, bobToken, startServer } from './apiServerFixture.ts';

async function clientOf(server: ApiServer, token = adminToken) {
  const { url } = await server.listen({ port: 0 });
  const certificateAuthority = server.certificateAuthority ?? '';
  const client = httpsClient({ url, certificateAuthority, identity: { token } });
  onTestFinished(() => client.close());
  return client;
}

test('a list of more than a page comes whole, each object with its kind', async () => {
  const server = await startServer({ plainHttp: false });
  const names = Array.from({ length: 1201 }, (_, index) => `b${String(index).padStart(4, '0')}`);
  await Promise.all(names.map((name) => server.client.create(boats, boat(name))));
  const { items } = await (await clientOf(server)).list(boats, { namespace: 'default' });
  expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
  expect(items[0]).toMatchObject({ kind: 'Boat', apiVersion: 'sea.example.com/v1' });
});

test('creates, updates, patches and deletes; a refusal is an ApiError with its Status', async () => {
  const client = await clientOf(await startServer({ plainHttp: false }));
  const key = { namespace: 'default', name: 'ann' };
  await client.create(boats, boat('none'), { dryRun: true });
  const made = await client.create(boats, boat('ann'));
  await client.updateStatus(boats, { ...made, status: { phase: 'Afloat' } });
  const patch = { type: 'merge', body: { spec: { crew: 9 } } } as const;
  expect(await client.patch(boats, key, patch)).toMatchObject({ status: { phase: 'Afloat' } });
  const stale = await client.update(boats, made).catch((error: unknown) => error);
  expect(stale).toBeInstanceOf(ApiError);
  expect(stale).toMatchObject({ code: 409, reason: 'Conflict' });
  await client.delete(boats, key, { preconditions: { uid: made.metadata.uid } });
  await expect(client.get(boats, key)).rejects.toMatchObject({ reason: 'NotFound' });
  await expect(client.get(boats, { ...key, name: 'none' })).rejects.toMatchObject({ code: 404 });
});

test('a watch tells changes in order, and nothing after it is stopped', async () => {
  const server = await startServer({ plainHttp: false });
  const client = await clientOf(server);
  const { resourceVersion } = await client.list(boats);
  const seen: string[] = [];
  const note = ({ type, object }: WatchEvent<Boat>) => seen.push(`${type} ${object.metadata.name}`);
  const stop = client.watch(boats, { resourceVersion }, note, (error) => seen.push(String(error)));
  await server.client.create(boats, boat('ann'));
  await server.client.delete(boats, { namespace: 'default', name: 'ann' });
  await expect.poll(() => seen).toEqual(['ADDED ann', 'DELETED ann']);
  stop();
  await server.client.create(boats, boat('bea'));
  await client.get(boats, { namespace: 'default', name: 'bea' });
  expect(seen).toHaveLength(2);
});

test('a watch from a forgotten revision ends with 410', async () => {
  const server = await startServer({ plainHttp: false });
  const client = await clientOf(server);
  const error = await new Promise((resolve) => {
    client.watch(boats, { resourceVersion: '1' }, () => undefined, resolve);
  });
  expect(error).toMatchObject({ code: 410, reason: 'Expired' });
});

test('a watch without the right to it ends with 403', async () => {
  const server = await startServer({ plainHttp: false });
  const client = await clientOf(server, bobToken);
  const error = await new Promise((resolve) => {
    client.watch(boats, { resourceVersion: '0' }, () => undefined, resolve);
  });
  expect(error).toMatchObject({ code: 403, reason: 'Forbidden' });
});
