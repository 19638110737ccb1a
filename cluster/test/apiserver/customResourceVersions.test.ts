import { expect, test } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { send, startServer, type Reply } from './apiServerFixture.ts';
import { definitionsPath, ship, shipDefinition, shipSchema, shipsPath } from './shipFixture.ts';

const oldPath = shipsPath.replace('/v1/', '/v1beta1/');
const shared = { served: true, schema: { openAPIV3Schema: shipSchema } };
const status = { subresources: { status: {} } };
const webhook = {
  strategy: 'Webhook',
  webhook: {
    clientConfig: { service: { namespace: 'harbour', name: 'pilot' } },
    conversionReviewVersions: ['v1'],
  },
};
const refusal = {
  code: 500,
  message: expect.stringMatching(
    /^conversion webhook for harbour\.example\.com\/v1\w*, Kind=Ship failed: Post "https:\/\/pilot\.harbour\.svc:443": service "pilot" not found$/,
  ) as string,
};
const merge = { 'content-type': 'application/merge-patch+json' };

/** Ships are kept as v1; v1beta1 is another form of them. */
async function withConversion(): Promise<{ server: ApiServer; made: Reply }> {
  const server = await startServer({ resources: [] });
  const versions = [
    { ...shared, name: 'v1beta1', storage: false },
    { ...shared, ...status, name: 'v1', storage: true },
  ];
  const definition = shipDefinition({ versions, conversion: webhook });
  return { server, made: await send(server, 'POST', definitionsPath, definition) };
}

test('a definition is served also while the service of its conversion webhook is not there', async () => {
  const { server, made } = await withConversion();
  expect(made.code).toBe(201);
  expect((await send(server, 'POST', shipsPath, ship('ann'))).code).toBe(201);
  expect((await send(server, 'GET', shipsPath)).body['items']).toHaveLength(1);
});

test.each([
  ['GET', `${oldPath}/ann`, undefined],
  ['GET', oldPath, undefined],
  ['PUT', `${oldPath}/ann`, { ...ship('ann'), apiVersion: 'harbour.example.com/v1beta1' }],
  ['POST', oldPath, { ...ship('bea'), apiVersion: 'harbour.example.com/v1beta1' }],
  ['PATCH', `${oldPath}/ann`, { spec: { replicas: 2 } }],
  ['DELETE', `${oldPath}/ann`, undefined],
] as const)('%s in a version that needs its webhook fails', async (method, url, body) => {
  const { server } = await withConversion();
  const before = await send(server, 'POST', shipsPath, ship('ann'));
  const headers = method === 'PATCH' ? merge : {};
  expect((await send(server, method, url, body, headers)).body).toMatchObject(refusal);
  expect((await send(server, 'GET', `${shipsPath}/ann`)).body).toEqual(before.body);
});

test('a list that is empty needs no conversion', async () => {
  const { server } = await withConversion();
  expect((await send(server, 'GET', oldPath)).body).toMatchObject({ items: [] });
});

test('discovery prefers a stable version, whichever is stored', async () => {
  const server = await startServer({ resources: [] });
  const versions = ['v1beta1', 'v2alpha1', 'v1'].map((name) => ({
    ...shared,
    name,
    storage: name === 'v1beta1',
  }));
  await send(server, 'POST', definitionsPath, shipDefinition({ versions }));
  const { body } = await send(server, 'GET', '/apis/harbour.example.com');
  expect(body).toMatchObject({
    versions: [{ version: 'v1' }, { version: 'v1beta1' }, { version: 'v2alpha1' }],
    preferredVersion: { version: 'v1' },
  });
});

test('each version has the subresources that it names', async () => {
  const { server } = await withConversion();
  const names = async (version: string) => {
    const { body } = await send(server, 'GET', `/apis/harbour.example.com/${version}`);
    return (body['resources'] as { name: string }[]).map(({ name }) => name);
  };
  expect(await names('v1beta1')).toEqual(['ships']);
  expect(await names('v1')).toEqual(['ships', 'ships/status']);
  expect((await send(server, 'GET', `${oldPath}/ann/status`)).code).toBe(404);
});

test('objects are shown in the stored version, also those from before it changed', async () => {
  const server = await startServer({ resources: [] });
  const versions = (kept: string) =>
    ['v1beta1', 'v1'].map((name) => ({ ...shared, name, storage: name === kept }));
  const older = shipDefinition({ versions: versions('v1beta1') });
  await send(server, 'POST', definitionsPath, older);
  await send(server, 'POST', shipsPath, ship('ann'));
  const path = `${definitionsPath}/ships.harbour.example.com`;
  await send(server, 'PATCH', path, { spec: { versions: versions('v1') } }, merge);
  const got = await send(server, 'GET', `${shipsPath}/ann`);
  expect(got.body).toMatchObject({ apiVersion: 'harbour.example.com/v1' });
  const labels = { metadata: { labels: { a: 'b' } } };
  const written = await send(server, 'PATCH', `${shipsPath}/ann`, labels, merge);
  expect(written.body).toMatchObject({ metadata: { generation: 1, labels: { a: 'b' } } });
});
