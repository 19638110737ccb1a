import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { adminToken, boat, boatsPath, startServer } from './apiServerFixture.ts';
import { definitionsPath, shipDefinition } from './shipFixture.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Request {
  method: Method;
  url: string;
  body?: string;
  type?: string;
  accept?: string;
}

async function ask(server: ApiServer, { method, url, body, type, accept }: Request) {
  const { statusCode, payload } = await server.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(accept === undefined ? {} : { accept }),
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { code: statusCode, payload };
}

/** Whatever is asked: an answer, or a Status that says what is wrong, and never a defect. */
async function expectSound(server: ApiServer, request: Request): Promise<void> {
  const { code, payload } = await ask(server, request);
  const shown = `${JSON.stringify(request).slice(0, 2000)} -> ${code} ${payload.slice(0, 500)}`;
  if (code < 300) return;
  expect([301, 400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 501, 504], shown).toContain(
    code,
  );
  const status = JSON.parse(payload) as Record<string, unknown>;
  expect(status, shown).toMatchObject({ kind: 'Status', status: 'Failure', code });
  expect(status['message'], shown).not.toMatch(/\n +at |TypeError|RangeError/);
}

async function check<T>(values: fc.Arbitrary<T>, toRequest: (value: T) => Request): Promise<void> {
  const server = await startServer();
  await ask(server, {
    method: 'POST',
    url: boatsPath,
    body: JSON.stringify(boat('ann')),
    type: 'application/json',
  });
  await fc.assert(
    fc.asyncProperty(values, (value) => expectSound(server, toRequest(value))),
    { numRuns: 200 },
  );
}

const hostileName = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '$patch',
  '$retainKeys',
  '$setElementOrder/containers',
  '',
  '.',
  'a/b',
);
const fieldName = fc.constantFrom(
  'apiVersion',
  'kind',
  'metadata',
  'name',
  'namespace',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'managedFields',
  'resourceVersion',
  'spec',
  'status',
  'crew',
  'containers',
  'ports',
  'template',
);
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, -1, 1e308, 1.5, '', 'x', 'ann', '2024-01-01T00:00:00Z'),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(hostileName, fieldName, fc.string()), tie('value')), {
        maxLength: 5,
      })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;
/** JSON.stringify leaves a field `__proto__` out where it set the prototype: it is written by hand. */
const jsonText = json.map((value) =>
  JSON.stringify(value).replaceAll('"prototype":', '"__proto__":'),
);
const contentType = fc.constantFrom(
  'application/json',
  'application/yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/vnd.kubernetes.protobuf',
  'application/cbor',
  'text/plain',
  'x',
);
const paths = fc.constantFrom(
  boatsPath,
  `${boatsPath}/ann`,
  `${boatsPath}/ann/status`,
  `${boatsPath}/ann/scale`,
  '/api/v1/namespaces',
  '/api/v1/namespaces/default',
  '/api/v1/namespaces/default/pods',
  '/api/v1/namespaces/default/pods/p',
  '/api/v1/namespaces/default/services/s',
  '/api/v1/namespaces/default/configmaps/c',
  '/apis/apps/v1/namespaces/default/deployments/d',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles/c',
  `${definitionsPath}`,
  `${definitionsPath}/ships.harbour.example.com`,
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
);
/** To show a table, the columns have to be worked out. */
const tableForm = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const collections = fc.constantFrom(
  ['/api/v1/namespaces/default/pods', 'Pod'],
  ['/api/v1/namespaces/default/services', 'Service'],
  ['/api/v1/namespaces/default/persistentvolumeclaims', 'PersistentVolumeClaim'],
  ['/api/v1/persistentvolumes', 'PersistentVolume'],
  ['/api/v1/nodes', 'Node'],
  ['/api/v1/namespaces/default/resourcequotas', 'ResourceQuota'],
  ['/api/v1/namespaces/default/limitranges', 'LimitRange'],
  ['/apis/apps/v1/namespaces/default/deployments', 'Deployment'],
  ['/apis/apps/v1/namespaces/default/daemonsets', 'DaemonSet'],
  ['/apis/batch/v1/namespaces/default/cronjobs', 'CronJob'],
  ['/apis/networking.k8s.io/v1/namespaces/default/ingresses', 'Ingress'],
  ['/apis/networking.k8s.io/v1/namespaces/default/networkpolicies', 'NetworkPolicy'],
  ['/apis/policy/v1/namespaces/default/poddisruptionbudgets', 'PodDisruptionBudget'],
);
const write = fc.constantFrom<Method>('POST', 'PUT', 'PATCH', 'DELETE');

test('whatever JSON a body holds, the answer is sound', () =>
  check(fc.tuple(write, paths, contentType, jsonText), ([method, url, type, body]) => ({
    method,
    url: `${url}?fieldManager=m`,
    type,
    accept: tableForm,
    body,
  })));

test('whatever the spec of a built-in holds, it can be shown or is refused', () =>
  check(fc.tuple(collections, jsonText), ([[url, kind], spec]) => ({
    method: 'POST',
    url,
    type: 'application/json',
    accept: tableForm,
    body: `{"kind":"${kind}","metadata":{"generateName":"x-"},"spec":${spec}}`,
  })));

test('whatever bytes a body holds, the answer is sound', () =>
  check(fc.tuple(write, paths, contentType, fc.string()), ([method, url, type, body]) => ({
    method,
    url,
    type,
    body,
  })));

test('whatever an object of the right kind holds, the answer is sound', () =>
  check(fc.tuple(write, jsonText, jsonText, contentType), ([method, spec, metadata, type]) => ({
    method,
    url: `${boatsPath}${method === 'POST' ? '' : '/ann'}?fieldManager=m&force=false`,
    type,
    body: `{"apiVersion":"sea.example.com/v1","kind":"Boat","metadata":${metadata},"spec":${spec}}`,
  })));

test('whatever a pod holds, the answer is sound', () =>
  check(fc.tuple(jsonText, jsonText), ([container, spec]) => ({
    method: 'POST',
    url: '/api/v1/namespaces/default/pods',
    type: 'application/json',
    body: `{"metadata":{"generateName":"p-"},"spec":{"containers":[${container}],"volumes":${spec}}}`,
  })));

test('whatever a JSON patch asks, the answer is sound', () =>
  check(
    fc.array(
      fc.record({
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'turn'),
        path: fc.constantFrom(
          '/spec/crew',
          '/spec',
          '',
          '/',
          '/metadata/labels/a',
          '/metadata/labels/-',
          '/metadata/managedFields/0',
          '/__proto__/x',
          '/constructor/prototype/x',
          'spec',
          '/metadata/name',
          '/a/b/c',
        ),
        from: fc.constantFrom('/spec', '/spec/crew', '/nowhere', '/__proto__'),
        value: json,
      }),
      { maxLength: 4 },
    ),
    (operations) => ({
      method: 'PATCH',
      url: `${boatsPath}/ann`,
      type: 'application/json-patch+json',
      body: JSON.stringify(operations),
    }),
  ));

test('whatever a definition holds, the answer is sound', () =>
  check(fc.tuple(json, json, fieldName), ([schema, value, name]) => ({
    method: 'POST',
    url: `${definitionsPath}?dryRun=All`,
    type: 'application/json',
    body: JSON.stringify(
      shipDefinition(
        { [name]: value },
        { schema: { openAPIV3Schema: schema }, additionalPrinterColumns: value },
      ),
    ),
  })));

const parameter = fc.constantFrom(
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'timeoutSeconds',
  'dryRun',
  'fieldValidation',
  'fieldManager',
  'force',
  'propagationPolicy',
  'gracePeriodSeconds',
  'includeObject',
  'pretty',
  'sendInitialEvents',
);
const parameterValue = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '-1',
    '0',
    '1e9',
    'NaN',
    'true',
    'All',
    'Exact',
    'NotOlderThan',
    'Strict',
    'a in (b',
    'a notin ()',
    '!',
    'a==',
    'metadata.name=x,',
    'constructor=x',
    'eyJ9',
    'eyJydiI6MSwic3RhcnQiOiJ4In0',
    '99999999999999999999',
  ),
);

test('whatever a query asks, the answer is sound', () =>
  check(
    fc.tuple(
      fc.constantFrom<Method>('GET', 'POST', 'DELETE'),
      fc.constantFrom(boatsPath, `${boatsPath}/ann`, '/api/v1/pods'),
      fc.array(fc.tuple(parameter, parameterValue), { maxLength: 4 }),
    ),
    ([method, url, query]) => ({ method, url: `${url}?${new URLSearchParams(query).toString()}` }),
  ));

const segment = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2f',
    '%00',
    '%',
    '%zz',
    'api',
    'apis',
    'v1',
    'namespaces',
    'default',
    'pods',
    'sea.example.com',
    'boats',
    'ann',
    'status',
    '__proto__',
    'constructor',
    'openapi',
    'v3',
  ),
  fc.string().map((text) => encodeURIComponent(text.replace(/[\uD800-\uDFFF]/g, ''))),
);

test('whatever path is asked for, the answer is sound', () =>
  check(
    fc.tuple(
      fc.constantFrom<Method>('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
      fc.array(segment, { maxLength: 8 }),
    ),
    ([method, segments]) => ({ method, url: `/${segments.join('/')}` }),
  ));
