import { get } from 'node:https';

import { expect, test } from 'vitest';

import {
  configMaps,
  endpoints,
  endpointSlices,
  namespaces,
  services,
} from '../../src/client/resources.ts';
import { startCluster, temporaryFolder } from './clusterFixture.ts';
import { until } from './watching.ts';

const kubernetes = { namespace: 'default', name: 'kubernetes' };
const rootCa = (namespace: string) => ({ namespace, name: 'kube-root-ca.crt' });

/** The status of `/version` by a name of the API server that its certificate must have. */
function versionStatus(port: number, servername: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/version', servername, ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
}

test('the Service kubernetes leads to the API server, by the authority that every namespace has', async () => {
  const { cluster, client } = await startCluster();
  const { port } = await cluster.api.listen({ port: 0 });
  await client.create(namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team' },
  });
  const { data } = await until(client, configMaps, rootCa('team'), () => true);
  const service = await client.get(services, kubernetes);
  expect(service.metadata.labels).toEqual({ component: 'apiserver', provider: 'kubernetes' });
  expect(service.spec).toMatchObject({
    clusterIP: '127.128.0.1',
    type: 'ClusterIP',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
  });
  const places = {
    metadata: { labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
  expect(await client.get(endpointSlices, kubernetes)).toMatchObject(places);
  expect((await client.get(endpoints, kubernetes)).subsets).toEqual([
    { addresses: [{ ip: '127.0.0.1' }], ports: [{ name: 'https', port, protocol: 'TCP' }] },
  ]);
  const ca = data?.['ca.crt'] ?? '';
  for (const name of ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc']) {
    expect(await versionStatus(port, name, ca)).toBe(200);
  }
});

test('the Service kubernetes follows the port of the next start', async () => {
  const dataDir = await temporaryFolder();
  const first = await startCluster({ dataDir });
  const before = await first.cluster.api.listen({ port: 0 });
  const { spec } = await first.client.get(services, kubernetes);
  await first.close();
  const second = await startCluster({ dataDir });
  const after = await second.cluster.api.listen({ port: 0 });
  expect(after.port).not.toBe(before.port);
  const { spec: now } = await second.client.get(services, kubernetes);
  expect(now.clusterIP).toBe(spec.clusterIP);
  expect(now.ports?.[0]?.targetPort).toBe(after.port);
  expect((await second.client.get(endpointSlices, kubernetes)).ports?.[0]?.port).toBe(after.port);
});

test('the ConfigMap of the authority comes back whole after it was changed or deleted', async () => {
  const { client } = await startCluster();
  const { data, metadata } = await until(client, configMaps, rootCa('default'), () => true);
  expect(data?.['ca.crt']).toContain('BEGIN CERTIFICATE');
  const body = { data: { 'ca.crt': 'mine', more: 'x' } };
  await client.patch(configMaps, metadata, { type: 'merge', body });
  const mended = await until(client, configMaps, rootCa('default'), (map) => !map.data?.['more']);
  expect(mended.data).toEqual(data);
  await client.delete(configMaps, metadata);
  const again = await until(
    client,
    configMaps,
    rootCa('default'),
    ({ metadata: { uid } }) => uid !== metadata.uid,
  );
  expect(again.data).toEqual(data);
});
