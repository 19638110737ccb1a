import { expect, test } from 'vitest';
import { send, startServer } from './apiServerFixture.ts';
import { causesOf } from './shipFixture.ts';

const merge = { 'content-type': 'application/merge-patch+json' };
const at = (plural: string) => `/api/v1/namespaces/default/${plural}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const object = (kind: string, rest: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'a', ...metadata },
  ...rest,
});
const secret = (type: string, data: object = {}) => object('Secret', { type, data });
const claim = (spec: object) => object('PersistentVolumeClaim', { spec });
const size = (storage: string) => ({ resources: { requests: { storage } } });

/** As the API server of Kubernetes 1.33 answers them. */
test.each<[string, string, object, (string | RegExp)[]]>([
  [
    'a key that is no file name',
    'configmaps',
    object('ConfigMap', { data: { 'a b': '' } }),
    [/^data\[a b\]: Invalid value: "a b": a valid config key must consist of alphanumeric/],
  ],
  [
    'a key in both parts',
    'configmaps',
    object('ConfigMap', { data: { k: '' }, binaryData: { k: '' } }),
    ['binaryData[k]: Invalid value: "k": duplicate of key present in data'],
  ],
  [
    'more than a mebibyte of data',
    'configmaps',
    object('ConfigMap', { data: { k: 'x'.repeat(2 ** 20 + 1) } }),
    ['[]: Too long: may not be more than 1048576 bytes'],
  ],
  [
    'too large a Secret',
    'secrets',
    secret('Opaque', { k: base64('x'.repeat(2 ** 20 + 1)) }),
    ['data: Too long: may not be more than 1048576 bytes'],
  ],
  [
    'a certificate without its key',
    'secrets',
    secret('kubernetes.io/tls', { 'tls.crt': '' }),
    ['data[tls.key]: Required value'],
  ],
  [
    'a registry login that is no JSON',
    'secrets',
    secret('kubernetes.io/dockerconfigjson', { '.dockerconfigjson': base64('x') }),
    [/^data\[\.dockerconfigjson\]: Invalid value: "<secret contents redacted>"/],
  ],
  [
    'a login without a name and a password',
    'secrets',
    secret('kubernetes.io/basic-auth'),
    ['data[username]: Required value', 'data[password]: Required value'],
  ],
  [
    'a token of no account',
    'secrets',
    secret('kubernetes.io/service-account-token'),
    ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
  ],
  [
    'a claim that says nothing',
    'persistentvolumeclaims',
    claim({}),
    [
      'spec.accessModes: Required value: at least 1 access mode is required',
      'spec.resources[storage]: Required value',
    ],
  ],
  [
    'an empty claim of two minds',
    'persistentvolumeclaims',
    claim({ accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'], ...size('0') }),
    [
      'spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
      'spec.resources[storage]: Invalid value: "0": must be greater than zero',
    ],
  ],
  [
    'a service whose name begins with a digit',
    'services',
    object('Service', { spec: { ports: [{ port: 80 }] } }, { name: '1a' }),
    [/^metadata\.name: Invalid value: "1a": a DNS-1035 label must consist of lower case/],
  ],
  [
    'annotations beyond 256 KiB',
    'configmaps',
    object('ConfigMap', {}, { annotations: { a: 'x'.repeat(256 * 1024) } }),
    ['metadata.annotations: Too long: may not be more than 262144 bytes'],
  ],
  [
    'a finalizer of nobody',
    'configmaps',
    object('ConfigMap', {}, { finalizers: ['mine'] }),
    [
      'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ],
  ],
])('%s is refused', async (_what, plural, body, causes) => {
  const server = await startServer({ resources: [] });
  const refused = await send(server, 'POST', at(plural), body);
  expect(refused.code).toBe(422);
  expect(causesOf(refused)).toEqual(
    causes.map((cause) =>
      typeof cause === 'string' ? cause : (expect.stringMatching(cause) as string),
    ),
  );
});

test('a Secret whose values are no base64 cannot be read', async () => {
  const server = await startServer({ resources: [] });
  const refused = await send(server, 'POST', at('secrets'), secret('Opaque', { k: '%%' }));
  expect(refused.code).toBe(400);
  expect(refused.body['message']).toBe(
    'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0',
  );
});

test.each([
  ['configmaps', object('ConfigMap', { data: { k: 'b2xk' }, immutable: true })],
  ['secrets', object('Secret', { data: { k: 'b2xk' }, immutable: true })],
])('what is immutable of %s stays as it is, but for its labels', async (plural, body) => {
  const server = await startServer({ resources: [] });
  expect((await send(server, 'POST', at(plural), body)).code).toBe(201);
  const patch = (change: object) => send(server, 'PATCH', `${at(plural)}/a`, change, merge);
  const why = 'Forbidden: field is immutable when `immutable` is set';
  expect(causesOf(await patch({ data: { k: 'bmV3' } }))).toEqual([`data: ${why}`]);
  expect(causesOf(await patch({ immutable: null }))).toEqual([`immutable: ${why}`]);
  expect((await patch({ metadata: { labels: { a: 'b' } } })).code).toBe(200);
});

test('the type of a Secret is for ever', async () => {
  const server = await startServer({ resources: [] });
  expect((await send(server, 'POST', at('secrets'), secret('Opaque'))).code).toBe(201);
  const refused = await send(server, 'PATCH', `${at('secrets')}/a`, { type: 'other' }, merge);
  expect(causesOf(refused)).toEqual(['type: Invalid value: "other": field is immutable']);
});
