import { expect, test } from 'vitest';
import { send, startServer } from './apiServerFixture.ts';

const core = '/api/v1/namespaces/default';

async function serverWith(...limits: object[]) {
  const server = await startServer();
  await send(server, 'POST', `${core}/limitranges`, {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'range' },
    spec: { limits },
  });
  return server;
}

const pod = (resources: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'main', image: 'example.com/main', resources }] },
});

test('a container gets the requests and limits that it leaves open', async () => {
  const server = await serverWith({
    type: 'Container',
    default: { memory: '512Mi' },
    defaultRequest: { cpu: '100m', memory: '256Mi' },
  });
  const { body } = await send(server, 'POST', `${core}/pods`, pod({ requests: { cpu: '1' } }));
  expect(body).toMatchObject({
    metadata: {
      annotations: {
        'kubernetes.io/limit-ranger':
          'LimitRanger plugin set: memory request for container main; memory limit for container main',
      },
    },
    spec: {
      containers: [
        { resources: { requests: { cpu: '1', memory: '256Mi' }, limits: { memory: '512Mi' } } },
      ],
    },
  });
});

test.each([
  [
    { type: 'Container', max: { memory: '1Gi' } },
    { limits: { memory: '2Gi' } },
    'maximum memory usage per Container is 1Gi, but limit is 2Gi',
  ],
  [
    { type: 'Container', min: { cpu: '100m' } },
    { requests: { cpu: '50m' } },
    'minimum cpu usage per Container is 100m, but request is 50m',
  ],
  [
    { type: 'Pod', max: { cpu: '1' } },
    {},
    'maximum cpu usage per Pod is 1.  No limit is specified',
  ],
  [
    { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
    { requests: { cpu: '1' }, limits: { cpu: '3' } },
    'cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000',
  ],
])('a pod outside of %j is refused', async (limit, resources, why) => {
  const server = await serverWith(limit);
  expect(await send(server, 'POST', `${core}/pods`, pod(resources))).toMatchObject({
    code: 403,
    body: { reason: 'Forbidden', message: `pods "web" is forbidden: ${why}` },
  });
});

test('a claim outside of the range is refused', async () => {
  const server = await serverWith({
    type: 'PersistentVolumeClaim',
    min: { storage: '1Gi' },
    max: { storage: '10Gi' },
  });
  const claim = (storage: string) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'disk' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  });
  const claims = `${core}/persistentvolumeclaims`;
  expect((await send(server, 'POST', claims, claim('20Gi'))).body['message']).toBe(
    'persistentvolumeclaims "disk" is forbidden: maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 20Gi',
  );
  expect((await send(server, 'POST', claims, claim('512Mi'))).body['message']).toBe(
    'persistentvolumeclaims "disk" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 512Mi',
  );
  expect((await send(server, 'POST', claims, claim('5Gi'))).code).toBe(201);
});

test('a pod takes the priority of its class, and there must be such a class', async () => {
  const server = await startServer();
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
  await send(server, 'POST', classes, {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'high' },
    value: 1000,
  });
  const asks = (priorityClassName: string) => ({
    ...pod({}),
    spec: { ...pod({}).spec, priorityClassName },
  });
  expect(await send(server, 'POST', `${core}/pods`, asks('higher'))).toMatchObject({
    code: 403,
    body: { message: 'pods "web" is forbidden: no PriorityClass with name higher was found' },
  });
  expect((await send(server, 'POST', `${core}/pods`, asks('high'))).body['spec']).toMatchObject({
    priority: 1000,
  });
});
