import { expect, test } from 'vitest';
import { send, startServer, temporaryFolder } from './apiServerFixture.ts';
import {
  causesOf,
  definitionsPath,
  ship,
  shipDefinition,
  shipSchema,
  shipsPath,
  withShips,
} from './shipFixture.ts';

test('a definition is established, and its resource is served and discovered at once', async () => {
  const server = await withShips();
  const got = await send(server, 'GET', `${definitionsPath}/ships.harbour.example.com`);
  expect(got.body).toMatchObject({
    spec: { names: { singular: 'ship', listKind: 'ShipList' } },
    status: {
      acceptedNames: { kind: 'Ship' },
      storedVersions: ['v1'],
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts' },
        { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' },
      ],
    },
  });
  const { body } = await send(server, 'GET', '/apis/harbour.example.com/v1');
  expect(body['resources']).toMatchObject([
    { name: 'ships', kind: 'Ship', shortNames: ['sh'], categories: ['all'] },
    { name: 'ships/status' },
    { name: 'ships/scale', kind: 'Scale', group: 'autoscaling' },
  ]);
  expect((await send(server, 'GET', shipsPath)).body).toMatchObject({ kind: 'ShipList' });
  const openApi = await send(server, 'GET', '/openapi/v3/apis/harbour.example.com/v1');
  expect(JSON.stringify(openApi.body)).toContain('"masts"');
});

test('objects are pruned and given defaults', async () => {
  const server = await withShips();
  const spec = {
    class: 'brig',
    crew: 3,
    port: '80%',
    free: { any: { thing: [1] } },
    template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', odd: 1 }, spec: {} },
    masts: [{ name: 'main', colour: 'red' }],
  };
  const made = await send(server, 'POST', shipsPath, ship('ann', spec));
  expect(made.code).toBe(201);
  expect(made.body['spec']).toEqual({
    class: 'brig',
    replicas: 1,
    port: '80%',
    free: { any: { thing: [1] } },
    template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } },
    masts: [{ name: 'main', height: 10 }],
  });
  expect(String(made.headers['warning'])).toContain('spec.masts[0].colour');
});

test.each([
  [{}, ['spec.class: Required value']],
  [
    { class: 'tanker' },
    ['spec.class: Unsupported value: "tanker": supported values: "sloop", "brig"'],
  ],
  [
    { class: 'brig', replicas: -1 },
    [
      'spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0',
    ],
  ],
  [
    { class: 'brig', replicas: 'two' },
    [
      'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
    ],
  ],
  [
    { class: 'brig', code: 'ab' },
    ['spec.code: Invalid value: "ab": spec.code in body should match \'^[A-Z]+$\''],
  ],
  [{ class: 'brig', code: 'ABCD' }, ['spec.code: Too long: may not be more than 3 bytes']],
  [
    { class: 'brig', port: true },
    [
      'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"',
    ],
  ],
  [
    { class: 'brig', masts: [{ name: 'a' }, { name: 'a' }] },
    ['spec.masts[1]: Duplicate value: {"name":"a"}'],
  ],
  [
    { class: 'brig', masts: ['a', 'b', 'c', 'd'].map((name) => ({ name })) },
    ['spec.masts: Too many: 4: must have at most 3 items'],
  ],
  [
    { class: 'brig', template: {} },
    ['spec.template.apiVersion: Required value', 'spec.template.kind: Required value'],
  ],
])('the spec %j is refused with the text of Kubernetes', async (spec, expected) => {
  const server = await withShips();
  const refused = await send(server, 'POST', shipsPath, ship('ann', spec));
  expect(refused.code).toBe(422);
  expect(causesOf(refused)).toEqual(expected);
});

test('columns, selectable fields, status and scale work', async () => {
  const server = await withShips();
  const masts = [{ name: 'fore' }, { name: 'main' }];
  await send(server, 'POST', shipsPath, ship('ann', { class: 'brig', masts }));
  await send(server, 'POST', shipsPath, ship('bea'));
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const query = '?fieldSelector=spec.class%3Dbrig';
  const table = await send(server, 'GET', `${shipsPath}${query}`, undefined, { accept });
  expect(table.body['rows']).toMatchObject([{ cells: ['ann', 'brig', 'fore main'] }]);
  const merge = { 'content-type': 'application/merge-patch+json' };
  const status = { status: { replicas: 1, selector: 'ship=ann' } };
  await send(server, 'PATCH', `${shipsPath}/ann/status`, status, merge);
  const scale = { spec: { replicas: 4 } };
  const scaled = await send(server, 'PATCH', `${shipsPath}/ann/scale`, scale, merge);
  expect(scaled.body).toMatchObject({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name: 'ann' },
    spec: { replicas: 4 },
    status: { replicas: 1, selector: 'ship=ann' },
  });
  const put = await send(server, 'PUT', `${shipsPath}/ann/scale`, {
    ...scaled.body,
    spec: { replicas: -1 },
  });
  expect(put.body).toMatchObject({ code: 422, details: { causes: [{ field: 'spec.replicas' }] } });
  const got = await send(server, 'GET', `${shipsPath}/ann`);
  expect(got.body).toMatchObject({ spec: { replicas: 4 }, metadata: { generation: 2 } });
});

test('server-side apply merges lists as the schema says', async () => {
  const server = await withShips();
  const apply = { 'content-type': 'application/apply-patch+yaml' };
  for (const name of ['fore', 'main']) {
    const body = ship('ann', { class: 'brig', masts: [{ name }] });
    const url = `${shipsPath}/ann?fieldManager=${name}`;
    expect((await send(server, 'PATCH', url, body, apply)).code).toBeLessThan(300);
  }
  const got = await send(server, 'GET', `${shipsPath}/ann`);
  expect((got.body['spec'] as { masts: unknown }).masts).toMatchObject([
    { name: 'fore' },
    { name: 'main' },
  ]);
});

test('several versions are served, converted by their apiVersion alone', async () => {
  const server = await startServer({ resources: [] });
  const version = { served: true, schema: { openAPIV3Schema: shipSchema } };
  const versions = [
    { ...version, name: 'v1alpha1', storage: false, deprecated: true },
    { ...version, name: 'v1', storage: true },
    { ...version, name: 'v2', storage: false, served: false },
  ];
  await send(server, 'POST', definitionsPath, shipDefinition({ versions }));
  await send(server, 'POST', shipsPath, ship('ann'));
  const old = await send(server, 'GET', `${shipsPath.replace('v1', 'v1alpha1')}/ann`);
  expect(old.body).toMatchObject({ apiVersion: 'harbour.example.com/v1alpha1' });
  expect(String(old.headers['warning'])).toContain(
    'harbour.example.com/v1alpha1 Ship is deprecated',
  );
  expect((await send(server, 'GET', `${shipsPath.replace('v1', 'v2')}/ann`)).code).toBe(404);
});

test('deleting a definition removes its objects, those with finalizers when they are let go', async () => {
  const server = await withShips();
  await send(server, 'POST', shipsPath, ship('ann'));
  const held = { ...ship('bea'), metadata: { name: 'bea', finalizers: ['example.com/hold'] } };
  await send(server, 'POST', shipsPath, held);
  const path = `${definitionsPath}/ships.harbour.example.com`;
  await send(server, 'DELETE', path);
  await expect
    .poll(async () => JSON.stringify((await send(server, 'GET', path)).body))
    .toContain('InstanceDeletionInProgress');
  expect((await send(server, 'POST', shipsPath, ship('cat'))).code).toBe(405);
  await expect.poll(async () => (await send(server, 'GET', `${shipsPath}/ann`)).code).toBe(404);
  const merge = { 'content-type': 'application/merge-patch+json' };
  const free = { metadata: { finalizers: null } };
  await send(server, 'PATCH', `${shipsPath}/bea`, free, merge);
  await expect.poll(async () => (await send(server, 'GET', path)).code).toBe(404);
  expect((await send(server, 'GET', shipsPath)).code).toBe(404);
  expect((await send(server, 'GET', '/apis/harbour.example.com/v1')).code).toBe(404);
});

test('definitions and their objects survive a restart', async () => {
  const dataDir = await temporaryFolder();
  const first = await startServer({ dataDir, resources: [] });
  await send(first, 'POST', definitionsPath, shipDefinition());
  await send(first, 'POST', shipsPath, ship('ann'));
  await first.close();
  const second = await startServer({ dataDir, resources: [] });
  expect((await send(second, 'GET', `${shipsPath}/ann`)).body).toMatchObject({
    spec: { class: 'sloop', replicas: 1 },
  });
});

test('a change of the schema holds from the next write on', async () => {
  const server = await withShips();
  const path = `${definitionsPath}/ships.harbour.example.com`;
  const operations = [
    {
      op: 'add',
      path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/crew',
      value: { type: 'integer' },
    },
  ];
  const json = { 'content-type': 'application/json-patch+json' };
  expect((await send(server, 'PATCH', path, operations, json)).code).toBe(200);
  const made = await send(server, 'POST', shipsPath, ship('ann', { class: 'brig', crew: 3 }));
  expect(made.body['spec']).toMatchObject({ crew: 3 });
});
