import { expect, test } from 'vitest';
import { pods } from '../../src/client/resources.ts';
import { boat, boats, boatsPath, send, startServer } from './apiServerFixture.ts';

const jsonPatch = { 'content-type': 'application/json-patch+json' };
const mergePatch = { 'content-type': 'application/merge-patch+json' };
const strategic = { 'content-type': 'application/strategic-merge-patch+json' };

test('a JSON patch is applied as a whole', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  const operations = [
    { op: 'test', path: '/spec/crew', value: 3 },
    { op: 'replace', path: '/spec/crew', value: 4 },
    { op: 'add', path: '/metadata/annotations', value: { note: 'yes' } },
  ];
  const reply = await send(server, 'PATCH', `${boatsPath}/ann`, operations, jsonPatch);
  expect(reply.body).toMatchObject({
    spec: { crew: 4 },
    metadata: { annotations: { note: 'yes' } },
  });
});

test('a failed test in a JSON patch is 422 and changes nothing', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  const operations = [
    { op: 'replace', path: '/spec/crew', value: 4 },
    { op: 'test', path: '/spec/name', value: 'x' },
  ];
  const reply = await send(server, 'PATCH', `${boatsPath}/ann`, operations, jsonPatch);
  expect(reply.code).toBe(422);
  expect(reply.body).toMatchObject({
    reason: 'Invalid',
    message: expect.stringContaining('the server rejected our request') as string,
  });
  const ann = await server.client.get(boats, { namespace: 'default', name: 'ann' });
  expect(ann.spec.crew).toBe(3);
});

test('a merge patch removes fields by null', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann', 3, { a: 'b', c: 'd' }));
  const body = { metadata: { labels: { a: null } } };
  const reply = await send(server, 'PATCH', `${boatsPath}/ann`, body, mergePatch);
  expect(reply.body).toMatchObject({ metadata: { labels: { c: 'd' } } });
});

test('custom resources take no strategic merge patch', async () => {
  const server = await startServer();
  await server.client.create(boats, boat('ann'));
  expect((await send(server, 'PATCH', `${boatsPath}/ann`, {}, strategic)).code).toBe(415);
});

test('a strategic merge patch merges lists of built-ins by their key', async () => {
  const server = await startServer();
  await server.client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [{ name: 'a', image: 'one' }, { name: 'b' }] },
  });
  const body = {
    spec: {
      containers: [
        { name: 'a', image: 'two' },
        { name: 'b', $patch: 'delete' },
      ],
    },
  };
  const reply = await send(server, 'PATCH', '/api/v1/namespaces/default/pods/p', body, strategic);
  expect(reply.body).toMatchObject({ spec: { containers: [{ name: 'a', image: 'two' }] } });
});
