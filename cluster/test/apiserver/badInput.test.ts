import fc from 'fast-check';
import { test } from 'vitest';
import { boatsPath } from './apiServerFixture.ts';
import { definitionsPath, shipDefinition } from './shipFixture.ts';
import { check, type Method } from './soundAnswers.ts';

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
  definitionsPath,
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
