import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { expect, onTestFinished, test } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { send, startServer } from './apiServerFixture.ts';
import {
  causesOf,
  definitionsPath,
  ship,
  shipDefinition,
  shipSchema,
  shipsPath,
} from './shipFixture.ts';
import { watchAt } from './watchFixture.ts';

const oldPath = shipsPath.replace('/v1/', '/v1beta1/');
const merge = { 'content-type': 'application/merge-patch+json' };

interface Review {
  kind: string;
  apiVersion: string;
  request: { uid: string; desiredAPIVersion: string; objects: ShipObject[] };
}

interface ShipObject {
  apiVersion: string;
  metadata: { labels?: Record<string, string>; name: string };
  spec: { class?: string; kindOfShip?: string };
}

/** Ships of v1beta1 have `kindOfShip` where those of v1 have `class`. */
function convertShip(object: ShipObject, apiVersion: string): ShipObject {
  const { class: rank, kindOfShip, ...rest } = object.spec;
  const spec = apiVersion.endsWith('/v1')
    ? { ...rest, class: kindOfShip ?? rank }
    : { ...rest, kindOfShip: rank ?? kindOfShip };
  const labels = { ...object.metadata.labels, converted: 'yes' };
  return { ...object, apiVersion, metadata: { ...object.metadata, labels }, spec } as ShipObject;
}

/** A webhook over TLS; `answer` makes the `response` without its uid. */
async function startWebhook(
  answer: (request: Review['request']) => object,
  { host = '127.0.0.1', name = '' } = {},
) {
  const reviews: Review[] = [];
  const altName = name ? ({ type: 2, value: name } as const) : ({ type: 7, ip: host } as const);
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'webhook' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [altName] }],
  });
  const server = createServer({ cert, key }, (request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const review = JSON.parse(text) as Review;
      reviews.push(review);
      const { kind, apiVersion, request: asked } = review;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ kind, apiVersion, response: { uid: asked.uid, ...answer(asked) } }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    reviews,
    url: `https://${host}:${port}/convert`,
    port,
    caBundle: Buffer.from(cert).toString('base64'),
  };
}

const converted = ({ objects, desiredAPIVersion }: Review['request']) => ({
  result: { status: 'Success' },
  convertedObjects: objects.map((object) => convertShip(object, desiredAPIVersion)),
});

/** Ships of two versions, whose webhook is where `clientConfig` says. */
async function defineShips(server: ApiServer, clientConfig: object): Promise<void> {
  const properties = shipSchema.properties.spec.properties;
  const oldSpec = {
    type: 'object',
    required: ['kindOfShip'],
    properties: { ...properties, kindOfShip: { type: 'string' } },
  };
  const oldSchema = { ...shipSchema, properties: { ...shipSchema.properties, spec: oldSpec } };
  const definition = shipDefinition({
    versions: [
      { name: 'v1beta1', served: true, storage: false, schema: { openAPIV3Schema: oldSchema } },
      { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: shipSchema } },
    ],
    conversion: {
      strategy: 'Webhook',
      webhook: { clientConfig, conversionReviewVersions: ['v1'] },
    },
  });
  const made = await send(server, 'POST', definitionsPath, definition);
  expect(made.code).toBe(201);
  expect(made.headers['warning']).toBeUndefined();
}

async function withWebhook(answer: (request: Review['request']) => object = converted) {
  const server = await startServer({ resources: [] });
  const { reviews, url, caBundle } = await startWebhook(answer);
  await defineShips(server, { url, caBundle });
  return { server, reviews };
}

const oldShip = (name: string) => ({
  ...ship(name, { kindOfShip: 'brig' }),
  apiVersion: 'harbour.example.com/v1beta1',
});

test('a webhook converts what is written and read in another version', async () => {
  const { server, reviews } = await withWebhook();
  const made = await send(server, 'POST', oldPath, oldShip('ann'));
  expect(made.code, JSON.stringify(made.body)).toBe(201);
  expect(made.body).toMatchObject({
    apiVersion: 'harbour.example.com/v1beta1',
    spec: { kindOfShip: 'brig' },
  });
  expect(reviews[0]).toMatchObject({
    apiVersion: 'apiextensions.k8s.io/v1',
    request: {
      desiredAPIVersion: 'harbour.example.com/v1',
      objects: [{ spec: { kindOfShip: 'brig' } }],
    },
  });
  const kept = await send(server, 'GET', `${shipsPath}/ann`);
  expect(kept.body).toMatchObject({
    spec: { class: 'brig' },
    metadata: { labels: { converted: 'yes' } },
  });
  expect(kept.body['spec']).not.toHaveProperty('kindOfShip');
  await send(server, 'POST', shipsPath, ship('bea'));
  const before = reviews.length;
  const list = await send(server, 'GET', oldPath);
  expect(list.body).toMatchObject({
    items: [{ spec: { kindOfShip: 'brig' } }, { spec: { kindOfShip: 'sloop' } }],
  });
  expect(reviews.length - before, 'one review for a whole list').toBe(1);
  const patch = { spec: { kindOfShip: 'sloop', replicas: 2 } };
  const patched = await send(server, 'PATCH', `${oldPath}/ann`, patch, merge);
  expect(patched.body).toMatchObject(patch);
  expect((await send(server, 'GET', `${shipsPath}/ann`)).body).toMatchObject({
    spec: { class: 'sloop', replicas: 2 },
    metadata: { generation: 2 },
  });
  const again = await send(server, 'PATCH', `${oldPath}/ann`, patch, merge);
  expect(again.body['metadata']).toEqual(patched.body['metadata']);
  expect((await send(server, 'DELETE', `${oldPath}/ann`)).code).toBe(200);
});

test('a watch in another version is converted, in order', async () => {
  const { server } = await withWebhook();
  await send(server, 'POST', shipsPath, ship('ann'));
  const { url } = await server.listen({ port: 0 });
  const query =
    'watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
  const frames = watchAt(`${url}${oldPath}?${query}`);
  await frames.take(2);
  await send(server, 'POST', shipsPath, ship('bea', { class: 'brig' }));
  await send(server, 'DELETE', `${shipsPath}/ann`);
  await frames.take(4);
  expect(
    frames.seen.map(({ type, object }) => [type, object.metadata.name, object['spec']]),
  ).toMatchObject([
    ['ADDED', 'ann', { kindOfShip: 'sloop' }],
    ['BOOKMARK', undefined, undefined],
    ['ADDED', 'bea', { kindOfShip: 'brig' }],
    ['DELETED', 'ann', { kindOfShip: 'sloop' }],
  ]);
});

test('a webhook that is a service is asked at its cluster IP, under its name', async () => {
  const server = await startServer({ resources: [] });
  // What stands here for kube-proxy, which listens there.
  const host = '127.129.7.9';
  const name = 'pilot.default.svc';
  const { reviews, port, caBundle } = await startWebhook(converted, { host, name });
  await defineShips(server, {
    service: { namespace: 'default', name: 'pilot', path: '/convert', port },
    caBundle,
  });
  const lost = await failure(server);
  expect(lost.code).toBe(500);
  expect(lost.message).toContain(
    `Post "https://${name}:${port}/convert": service "pilot" not found`,
  );
  const service = await send(server, 'POST', '/api/v1/namespaces/default/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'pilot' },
    spec: { clusterIP: host, ports: [{ port }] },
  });
  expect(service.code).toBe(201);
  const made = await send(server, 'POST', oldPath, oldShip('ann'));
  expect(made.code, JSON.stringify(made.body)).toBe(201);
  expect(reviews[0]?.request.objects[0]?.metadata.name).toBe('ann');
});

async function failure(server: ApiServer) {
  const { code, body } = await send(server, 'POST', oldPath, oldShip('ann'));
  return { code, message: String(body['message']) };
}

test.each([
  [
    'refuses',
    () => ({ result: { status: 'Failed', message: 'the harbour is closed' } }),
    'the harbour is closed',
  ],
  [
    'answers fewer objects',
    () => ({ result: { status: 'Success' }, convertedObjects: [] }),
    'webhook returned 0 objects, expected 1',
  ],
  [
    'renames an object',
    (request: Review['request']) => ({
      result: { status: 'Success' },
      convertedObjects: request.objects.map((object) => ({
        ...convertShip(object, request.desiredAPIVersion),
        metadata: { ...object.metadata, name: 'eve' },
      })),
    }),
    'webhook returned invalid converted object at index 0: metadata.name mutated: "eve"',
  ],
  [
    'answers in the old version',
    ({ objects }: Review['request']) => ({
      result: { status: 'Success' },
      convertedObjects: objects,
    }),
    'invalid apiVersion: got "harbour.example.com/v1beta1", expected harbour.example.com/v1',
  ],
])('a webhook that %s fails the request', async (_what, answer, why) => {
  const { server } = await withWebhook(answer);
  const { code, message } = await failure(server);
  expect(code).toBe(500);
  expect(message).toContain(
    'conversion webhook for harbour.example.com/v1beta1, Kind=Ship failed: ',
  );
  expect(message).toContain(why);
  expect((await send(server, 'GET', shipsPath)).body).toMatchObject({ items: [] });
});

test('the url of a webhook is checked when its definition is made', async () => {
  const server = await startServer({ resources: [] });
  const conversion = {
    strategy: 'Webhook',
    webhook: {
      clientConfig: { url: 'http://u:p@example.com/?a=b' },
      conversionReviewVersions: ['v1'],
    },
  };
  expect(
    causesOf(await send(server, 'POST', definitionsPath, shipDefinition({ conversion }))),
  ).toHaveLength(3);
});
