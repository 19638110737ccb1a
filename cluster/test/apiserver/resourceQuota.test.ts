import { expect, test } from 'vitest';
import { send, startServer } from './apiServerFixture.ts';

const core = '/api/v1/namespaces/default';

const quota = (hard: object, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'small' },
  spec: { hard, ...spec },
});

const pod = (name: string, resources: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'main', image: 'example.com/main', resources }] },
});

const claim = (name: string, storage: string, storageClassName = 'fast') => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } },
});

const refusal = (message: string) => ({ code: 403, body: { reason: 'Forbidden', message } });

test('a pod that asks for more than is left is refused with the numbers', async () => {
  const server = await startServer();
  await send(
    server,
    'POST',
    `${core}/resourcequotas`,
    quota({ 'requests.memory': '1Gi', cpu: '2' }),
  );
  const asks = (memory: string) => ({ requests: { cpu: '500m', memory } });
  expect((await send(server, 'POST', `${core}/pods`, pod('a', asks('512Mi')))).code).toBe(201);
  expect(await send(server, 'POST', `${core}/pods`, pod('b', asks('768Mi')))).toMatchObject(
    refusal(
      'pods "b" is forbidden: exceeded quota: small, requested: requests.memory=768Mi, used: requests.memory=512Mi, limited: requests.memory=1Gi',
    ),
  );
  expect((await send(server, 'POST', `${core}/pods`, pod('c', asks('512Mi')))).code).toBe(201);
});

test('containers must say what they take of what a quota limits', async () => {
  const server = await startServer();
  const hard = { 'limits.memory': '1Gi', 'requests.cpu': '1' };
  await send(server, 'POST', `${core}/resourcequotas`, quota(hard));
  expect(await send(server, 'POST', `${core}/pods`, pod('a', {}))).toMatchObject(
    refusal(
      'pods "a" is forbidden: failed quota: small: must specify limits.memory for: main; requests.cpu for: main',
    ),
  );
});

test('objects of any kind can be counted', async () => {
  const server = await startServer();
  const hard = { configmaps: '1', 'count/boats.sea.example.com': '1' };
  await send(server, 'POST', `${core}/resourcequotas`, quota(hard));
  const boat = (name: string) => ({
    apiVersion: 'sea.example.com/v1',
    kind: 'Boat',
    metadata: { name },
    spec: { crew: 1 },
  });
  const boats = '/apis/sea.example.com/v1/namespaces/default/boats';
  expect((await send(server, 'POST', boats, boat('a'))).code).toBe(201);
  expect(await send(server, 'POST', boats, boat('b'))).toMatchObject(
    refusal(
      'boats.sea.example.com "b" is forbidden: exceeded quota: small, requested: count/boats.sea.example.com=1, used: count/boats.sea.example.com=1, limited: count/boats.sea.example.com=1',
    ),
  );
  await send(server, 'DELETE', `${boats}/a`);
  expect((await send(server, 'POST', boats, boat('b'))).code).toBe(201);
});

test('of many creates at once only as many succeed as the quota allows', async () => {
  const server = await startServer();
  await send(server, 'POST', `${core}/resourcequotas`, quota({ configmaps: '5' }));
  const codes = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `m${index}` } };
      return (await send(server, 'POST', `${core}/configmaps`, map)).code;
    }),
  );
  expect(codes.filter((code) => code === 201)).toHaveLength(5);
  expect(codes.filter((code) => code === 403)).toHaveLength(15);
});

test('storage is limited for all classes and for one, also when a claim grows', async () => {
  const server = await startServer();
  const ofFast = 'fast.storageclass.storage.k8s.io/requests.storage';
  const hard = { 'requests.storage': '10Gi', [ofFast]: '5Gi' };
  await send(server, 'POST', `${core}/resourcequotas`, quota(hard));
  const claims = `${core}/persistentvolumeclaims`;
  expect((await send(server, 'POST', claims, claim('a', '4Gi'))).code).toBe(201);
  expect((await send(server, 'POST', claims, claim('b', '2Gi'))).body['message']).toBe(
    `persistentvolumeclaims "b" is forbidden: exceeded quota: small, requested: ${ofFast}=2Gi, used: ${ofFast}=4Gi, limited: ${ofFast}=5Gi`,
  );
  expect((await send(server, 'POST', claims, claim('c', '5Gi', 'slow'))).code).toBe(201);
  const grow = { spec: { resources: { requests: { storage: '6Gi' } } } };
  const merge = { 'content-type': 'application/merge-patch+json' };
  const grown = await send(server, 'PATCH', `${claims}/a`, grow, merge);
  expect(grown.body['message']).toContain(`requested: ${ofFast}=2Gi,requests.storage=2Gi, used:`);
});

test('a quota with scopes counts only the pods in them', async () => {
  const server = await startServer();
  const best = quota({ pods: '0' }, { scopes: ['BestEffort'] });
  await send(server, 'POST', `${core}/resourcequotas`, best);
  expect((await send(server, 'POST', `${core}/pods`, pod('a', {}))).code).toBe(403);
  const asks = { requests: { cpu: '1m' } };
  expect((await send(server, 'POST', `${core}/pods`, pod('b', asks))).code).toBe(201);
});
