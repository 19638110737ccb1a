import { expect, test } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { pods } from '../../src/client/resources.ts';
import {
  boat,
  boats,
  boatsPath,
  send,
  startServer,
  temporaryFolder,
  type Reply,
} from './apiServerFixture.ts';

const applyPatch = { 'content-type': 'application/apply-patch+yaml' };
const mapPath = '/api/v1/namespaces/default/configmaps/map';

function apply(
  server: ApiServer,
  path: string,
  manager: string,
  body: unknown,
  query = '',
): Promise<Reply> {
  return send(server, 'PATCH', `${path}?fieldManager=${manager}${query}`, body, applyPatch);
}

const map = (data: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'map', namespace: 'default' },
  data,
});

interface Entry {
  manager: string;
  operation: string;
  apiVersion: string;
  subresource?: string;
  time: string;
  fieldsV1: unknown;
}

function managers({ body }: Reply): Entry[] {
  return (body['metadata'] as { managedFields?: Entry[] }).managedFields ?? [];
}

test('apply makes the object, and its manager owns what it named', async () => {
  const server = await startServer();
  const made = await apply(server, mapPath, 'ann', map({ a: '1' }));
  expect(made.code).toBe(201);
  expect(managers(made)).toEqual([
    {
      manager: 'ann',
      operation: 'Apply',
      apiVersion: 'v1',
      time: expect.any(String),
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:a': {} } },
    },
  ]);
});

test('a field that another manager set to another value is a conflict with the text of Kubernetes', async () => {
  const server = await startServer();
  await apply(server, mapPath, 'ann', map({ a: '1' }));
  const refused = await apply(server, mapPath, 'bea', map({ a: '2' }));
  expect(refused.code).toBe(409);
  expect(refused.body).toMatchObject({
    reason: 'Conflict',
    message: 'Apply failed with 1 conflict: conflict with "ann": .data.a',
    details: {
      causes: [
        { reason: 'FieldManagerConflict', message: 'conflict with "ann"', field: '.data.a' },
      ],
    },
  });
});

test('several conflicts are listed by manager, updaters with their version', async () => {
  const server = await startServer();
  await send(
    server,
    'POST',
    `${mapPath.replace('/map', '')}?fieldManager=zoe`,
    map({ a: '1', b: '2' }),
  );
  await apply(server, mapPath, 'ann', map({ c: '3' }));
  const refused = await apply(server, mapPath, 'bea', map({ a: '4', b: '5', c: '6' }));
  expect(refused.body['message']).toBe(
    'Apply failed with 3 conflicts: conflicts with "ann":\n- .data.c\n' +
      'conflicts with "zoe" using v1:\n- .data.a\n- .data.b',
  );
});

test('force takes the field over', async () => {
  const server = await startServer();
  await apply(server, mapPath, 'ann', map({ a: '1', b: '1' }));
  const forced = await apply(server, mapPath, 'bea', map({ a: '2' }), '&force=true');
  expect(forced.body['data']).toEqual({ a: '2', b: '1' });
  expect(managers(forced).map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
    ['ann', { 'f:data': { 'f:b': {} } }],
    ['bea', { 'f:data': { 'f:a': {} } }],
  ]);
});

test('equal values are owned together, and go when the last owner drops them', async () => {
  const server = await startServer();
  await apply(server, mapPath, 'ann', map({ a: '1', b: '1' }));
  await apply(server, mapPath, 'bea', map({ a: '1' }));
  expect((await apply(server, mapPath, 'ann', map({}))).body['data']).toEqual({ a: '1' });
  expect((await apply(server, mapPath, 'bea', map({}))).body['data'] ?? {}).toEqual({});
});

test('what nobody applied stays when the applier drops its own', async () => {
  const server = await startServer();
  await apply(server, mapPath, 'ann', map({ a: '1' }));
  const merge = { 'content-type': 'application/merge-patch+json' };
  await send(server, 'PATCH', `${mapPath}?fieldManager=hand`, { data: { b: '2' } }, merge);
  expect((await apply(server, mapPath, 'ann', map({}))).body['data']).toEqual({ b: '2' });
});

test('the same apply again writes nothing', async () => {
  const server = await startServer();
  const first = await apply(server, mapPath, 'ann', map({ a: '1' }));
  const again = await apply(server, mapPath, 'ann', map({ a: '1' }));
  expect(again.body).toEqual(first.body);
});

test('a dry run tells the outcome and writes nothing', async () => {
  const server = await startServer();
  const dry = await apply(server, mapPath, 'ann', map({ a: '1' }), '&dryRun=All');
  expect(managers(dry)).toHaveLength(1);
  expect((await send(server, 'GET', mapPath)).code).toBe(404);
});

const pod = (containers: object[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: { containers },
});

test('lists of built-ins are merged by their keys', async () => {
  const server = await startServer();
  const path = '/api/v1/namespaces/default/pods/p';
  const ports = [{ containerPort: 80 }];
  await apply(server, path, 'ann', pod([{ name: 'web', image: 'one', ports }]));
  const both = await apply(server, path, 'bea', pod([{ name: 'side', image: 'two' }]));
  const { containers } = both.body['spec'] as { containers: { name: string }[] };
  expect(containers.map(({ name }) => name)).toEqual(['web', 'side']);
  expect(managers(both)[0]?.fieldsV1).toEqual({
    'f:spec': {
      'f:containers': {
        'k:{"name":"web"}': {
          '.': {},
          'f:name': {},
          'f:image': {},
          'f:ports': {
            'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
          },
        },
      },
    },
  });
  const without = await apply(server, path, 'bea', pod([]));
  expect((without.body['spec'] as { containers: unknown[] }).containers).toHaveLength(1);
  const refused = await apply(server, path, 'cat', pod([{ name: 'web', image: 'three' }]));
  expect(refused.body['message']).toBe(
    'Apply failed with 1 conflict: conflict with "ann": .spec.containers[name="web"].image',
  );
});

test('an entry without its key, or twice, is refused', async () => {
  const server = await startServer();
  const path = '/api/v1/namespaces/default/pods/p';
  const twice = await apply(server, path, 'ann', pod([{ name: 'a' }, { name: 'a' }]));
  expect(twice.body).toMatchObject({
    code: 400,
    message: expect.stringContaining('duplicate entries for key [{"name":"a"}]') as string,
  });
  const nameless = await apply(server, path, 'ann', pod([{ image: 'a' }]));
  expect(nameless.body['message']).toContain('omits key field "name"');
});

test('every write is tracked: who, by which way, on which subresource', async () => {
  // Entries are sorted by time: one time for all makes the order sure.
  const now = new Date('2026-01-01T00:00:00Z');
  const server = await startServer({ now: () => now });
  const agent = { 'user-agent': 'sailor/1.0 (linux)' };
  await send(server, 'POST', boatsPath, boat('ann'), agent);
  const status = { ...boat('ann'), status: { phase: 'Afloat' } };
  await apply(server, `${boatsPath}/ann/status`, 'harbour', status);
  await server.client.patch(
    boats,
    { namespace: 'default', name: 'ann' },
    { type: 'merge', body: { spec: { name: 'Ann' } } },
  );
  const got = await send(server, 'GET', `${boatsPath}/ann`);
  expect(managers(got)).toMatchObject([
    {
      manager: 'harbour',
      operation: 'Apply',
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:phase': {} } },
    },
    {
      manager: 'apiserver',
      operation: 'Update',
      apiVersion: 'sea.example.com/v1',
      fieldsV1: { 'f:spec': { 'f:name': {} } },
    },
    {
      manager: 'sailor',
      operation: 'Update',
      fieldsV1: { 'f:spec': { '.': {}, 'f:crew': {} } },
    },
  ]);
});

test('whoever changes a field takes it from its applier', async () => {
  const server = await startServer();
  await apply(server, `${boatsPath}/ann`, 'ann', boat('ann', 3));
  const merge = { 'content-type': 'application/merge-patch+json' };
  const url = `${boatsPath}/ann?fieldManager=hand`;
  const patched = await send(server, 'PATCH', url, { spec: { crew: 4 } }, merge);
  expect(managers(patched)).toMatchObject([
    { manager: 'ann', fieldsV1: { 'f:metadata': { 'f:labels': {} } } },
    { manager: 'hand', fieldsV1: { 'f:spec': { 'f:crew': {} } } },
  ]);
  expect(managers(patched)[0]?.fieldsV1).not.toHaveProperty('f:spec');
  const refused = await apply(server, `${boatsPath}/ann`, 'ann', boat('ann', 5));
  expect(refused.body['message']).toBe(
    'Apply failed with 1 conflict: conflict with "hand" using sea.example.com/v1: .spec.crew',
  );
});

test('a client may send managedFields back, rewrite them, or forget them', async () => {
  const server = await startServer();
  await apply(server, mapPath, 'ann', map({ a: '1' }));
  const got = await send(server, 'GET', mapPath);
  const same = await send(server, 'PUT', mapPath, got.body);
  expect(same.body).toEqual(got.body);
  const operations = [{ op: 'replace', path: '/metadata/managedFields/0/manager', value: 'bea' }];
  const json = { 'content-type': 'application/json-patch+json' };
  const renamed = await send(server, 'PATCH', mapPath, operations, json);
  expect(managers(renamed).map(({ manager }) => manager)).toEqual(['bea']);
  const metadata = { ...(renamed.body['metadata'] as object), managedFields: [] };
  const forgotten = await send(server, 'PUT', mapPath, { ...renamed.body, metadata });
  expect(managers(forgotten)).toEqual([]);
});

test('managers that only update are ten at most; older ones are joined', async () => {
  const server = await startServer();
  const create = mapPath.replace('/map', '');
  await send(server, 'POST', `${create}?fieldManager=m00`, map({ k0: '0' }));
  const merge = { 'content-type': 'application/merge-patch+json' };
  for (let i = 1; i < 14; i += 1) {
    const url = `${mapPath}?fieldManager=m${String(i).padStart(2, '0')}`;
    await send(server, 'PATCH', url, { data: { [`k${i}`]: 'x' } }, merge);
  }
  const names = managers(await send(server, 'GET', mapPath)).map(({ manager }) => manager);
  expect(names).toHaveLength(10);
  expect(names).toContain('ancient-changes');
});

test('an apply says who it is, and force is for applies', async () => {
  const server = await startServer();
  const nameless = await send(server, 'PATCH', mapPath, map({}), applyPatch);
  expect(nameless.body).toMatchObject({
    code: 422,
    details: { causes: [{ field: 'fieldManager' }] },
  });
  const merge = { 'content-type': 'application/merge-patch+json' };
  expect((await send(server, 'PATCH', `${mapPath}?force=true`, {}, merge)).code).toBe(400);
});

test('managed fields survive a restart', async () => {
  const dataDir = await temporaryFolder();
  const first = await startServer({ dataDir });
  const labels = { managedFields: 'a-label-of-that-name' };
  const labelled = { ...map({ a: '1' }), metadata: { name: 'map', labels } };
  const made = await apply(first, mapPath, 'ann', labelled);
  await first.close();
  const second = await startServer({ dataDir });
  expect((await send(second, 'GET', mapPath)).body).toEqual(made.body);
  expect((await apply(second, mapPath, 'ann', labelled)).body).toEqual(made.body);
});

test('a field that the schema does not know is refused', async () => {
  const server = await startServer();
  const odd = { ...boat('ann'), spec: { crew: 1, sails: 2 } };
  const reply = await apply(server, `${boatsPath}/ann`, 'ann', odd);
  expect(reply.body).toMatchObject({
    code: 400,
    message: expect.stringContaining('.spec.sails: field not declared in schema') as string,
  });
});

test('controllers do not get to see managed fields', async () => {
  const server = await startServer();
  await server.client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [{ name: 'a' }] },
  });
  const { items } = await server.client.list(pods);
  expect(items[0]?.metadata).not.toHaveProperty('managedFields');
});
