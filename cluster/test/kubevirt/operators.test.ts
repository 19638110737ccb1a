import { join } from 'node:path';

import { expect, test } from 'vitest';

import { cdis } from '../../src/cdi/resources.ts';
import { daemonSets, deployments, pods, replicaSets } from '../../src/client/resources.ts';
import { hostPathProvisioners, hyperConvergeds } from '../../src/hyperconverged/resources.ts';
import { kubeVirts } from '../../src/kubevirt/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { eventsOf, until } from './watching.ts';

const kubeVirt = { namespace: 'kubevirt', name: 'kubevirt' };
const hyperConverged = { namespace: 'kubevirt-hyperconverged', name: 'kubevirt-hyperconverged' };
const kubeVirtUrl = '/apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts';
const merge = 'application/merge-patch+json';

const isTrue = (type: string) => expect.objectContaining({ type, status: 'True' }) as unknown;

test('the components run, and the objects of their operators say so', async () => {
  const { client } = await startCluster({ nodes: 2 });
  const key = (name: string) => ({ namespace: 'kubevirt', name });
  const handler = await until(
    client,
    daemonSets,
    key('virt-handler'),
    ({ status }) => status?.numberReady === 2,
  );
  expect(handler.status).toMatchObject({ desiredNumberScheduled: 2, numberUnavailable: 0 });
  const api = await until(
    client,
    deployments,
    key('virt-api'),
    ({ status }) => status?.readyReplicas === 1,
  );
  expect(api.status?.conditions).toContainEqual(isTrue('Available'));
  const deployed = await until(
    client,
    kubeVirts,
    kubeVirt,
    ({ status }) => status?.phase === 'Deployed',
  );
  expect(deployed.status?.conditions).toContainEqual(isTrue('Available'));
  expect(deployed.status).toMatchObject({ observedKubeVirtVersion: 'v1.7.0' });
  await until(client, cdis, { name: 'cdi' }, ({ status }) => status?.phase === 'Deployed');
  const whole = await until(
    client,
    hyperConvergeds,
    hyperConverged,
    ({ status }) => status?.systemHealthStatus === 'healthy',
  );
  for (const type of ['ReconcileComplete', 'Available', 'Upgradeable']) {
    expect(whole.status?.conditions).toContainEqual(isTrue(type));
  }
});

test('a node that is not ready shows in the components that run on it', async () => {
  const { client, send } = await startCluster({ nodes: 2 });
  const key = { namespace: 'kubevirt', name: 'virt-handler' };
  await until(client, daemonSets, key, ({ status }) => status?.numberReady === 2);
  const conditions = [{ type: 'Ready', status: 'False', reason: 'Gone', message: '' }];
  await send('PATCH', '/api/v1/nodes/node-2/status', {
    body: { status: { conditions } },
    contentType: merge,
  });
  await until(client, daemonSets, key, ({ status }) => status?.numberReady === 1);
  await until(client, kubeVirts, kubeVirt, ({ status }) => status?.phase === 'Deploying');
});

test('each component has a pod that its workload owns, by way of a ReplicaSet or one on each node', async () => {
  const { client } = await startCluster({ nodes: 2 });
  const namespace = 'kubevirt';
  await until(client, kubeVirts, kubeVirt, ({ status }) => status?.phase === 'Deployed');
  const { items } = await client.list(pods, { namespace });
  const owners = await Promise.all(
    items.map(async ({ metadata, spec, status }) => {
      const [owner] = metadata.ownerReferences ?? [];
      const key = { namespace, name: owner?.name ?? '' };
      const found =
        owner?.kind === 'ReplicaSet'
          ? (await client.get(replicaSets, key)).metadata.ownerReferences?.[0]
          : owner;
      const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
      return [found?.kind, found?.name, ready, found?.kind === 'DaemonSet' && spec.nodeName];
    }),
  );
  const ofDeployment = (name: string) => ['Deployment', name, 'True', false];
  expect(owners.sort()).toEqual([
    ['DaemonSet', 'virt-handler', 'True', 'node-1'],
    ['DaemonSet', 'virt-handler', 'True', 'node-2'],
    ...['virt-api', 'virt-controller', 'virt-exportproxy', 'virt-operator'].map(ofDeployment),
    ...['virt-template-apiserver', 'virt-template-controller'].map(ofDeployment),
  ]);
});

test('what somebody deletes or scales of a component comes back', async () => {
  const { client } = await startCluster();
  const namespace = 'kubevirt';
  const ready = (name: string) =>
    until(client, deployments, { namespace, name }, ({ status }) => status?.readyReplicas === 1);
  const selected = { namespace, labelSelector: 'kubevirt.io=virt-api' };
  const before = await ready('virt-api');
  const [pod] = (await client.list(pods, selected)).items;
  if (!pod) throw new Error('virt-api has no pod');
  await client.delete(pods, pod.metadata);
  await expect
    .poll(async () => (await client.list(pods, selected)).items.map(({ metadata }) => metadata.uid))
    .not.toContain(pod.metadata.uid);
  await ready('virt-api');
  await client.patch(
    deployments,
    { namespace, name: 'virt-api' },
    { type: 'merge', body: { spec: { replicas: 3 } } },
  );
  await until(
    client,
    deployments,
    { namespace, name: 'virt-api' },
    ({ spec, metadata }) => spec.replicas === 1 && (metadata.generation ?? 0) > 2,
  );
  await client.delete(deployments, before.metadata);
  const after = await until(
    client,
    deployments,
    { namespace, name: 'virt-api' },
    ({ metadata }) => metadata.uid !== before.metadata.uid,
  );
  await ready(after.metadata.name);
  await expect
    .poll(async () => (await client.list(pods, selected)).items.length, { timeout: 10_000 })
    .toBe(1);
});

test('a new start of the program shows in its pods as a restart', async () => {
  const first = await startCluster();
  await until(first.client, kubeVirts, kubeVirt, ({ status }) => status?.phase === 'Deployed');
  await first.close();
  // Times of the API are whole seconds.
  first.clock.skip(5000);
  const { client } = await startCluster({ dataDir: first.dataDir, clock: first.clock });
  const [pod] = (await client.list(pods, { labelSelector: 'kubevirt.io=virt-api' })).items;
  const after = await until(
    client,
    pods,
    { namespace: 'kubevirt', name: pod?.metadata.name ?? '' },
    ({ status }) => status?.containerStatuses?.[0]?.restartCount === 1,
  );
  expect(after.metadata.uid).toBe(pod?.metadata.uid);
});

test('the HostPathProvisioner object tells where volumes lie, and that all nodes have it', async () => {
  const { client, dataDir, send } = await startCluster({ nodes: 2 });
  const found = await until(
    client,
    hostPathProvisioners,
    { name: 'hostpath-provisioner' },
    ({ status }) => status?.storagePoolStatuses?.[0]?.phase === 'Ready',
  );
  expect(found.spec.storagePools).toEqual([{ name: 'local', path: join(dataDir, 'volumes') }]);
  expect(found.status?.storagePoolStatuses).toEqual([
    { name: 'local', phase: 'Ready', desiredReady: 2, currentReady: 2 },
  ]);
  expect(found.status?.conditions).toContainEqual(isTrue('Available'));
  const url = '/apis/hostpathprovisioner.kubevirt.io/v1beta1/hostpathprovisioners';
  expect(await send('DELETE', `${url}/hostpath-provisioner`)).toMatchObject({ code: 501 });
});

test('limits of migrations in HyperConverged reach KubeVirt', async () => {
  const { client } = await startCluster();
  const liveMigrationConfig = { parallelMigrationsPerCluster: 1 };
  await client.patch(hyperConvergeds, hyperConverged, {
    type: 'merge',
    body: { spec: { virtualization: { liveMigrationConfig } } },
  });
  const changed = await until(client, kubeVirts, kubeVirt, ({ spec }) =>
    JSON.stringify(spec).includes('parallelMigrationsPerCluster'),
  );
  expect(changed.spec).toMatchObject({ configuration: { migrations: liveMigrationConfig } });
});

test('a setting that has no effect here is kept with a warning', async () => {
  const { cluster } = await startCluster();
  const reply = await cluster.api.inject({
    method: 'PATCH',
    url: `${kubeVirtUrl}/kubevirt`,
    headers: { authorization: 'Bearer admin-token', 'content-type': merge },
    payload: JSON.stringify({ spec: { configuration: { minCPUModel: 'Penryn' } } }),
  });
  expect(reply.statusCode).toBe(200);
  expect(String(reply.headers['warning'])).toContain(
    'spec.configuration.minCPUModel is kept but has no effect in this cluster',
  );
});

test('a second KubeVirt object is told that there is one already', async () => {
  const { client, clock } = await startCluster();
  await until(client, kubeVirts, kubeVirt, ({ status }) => status?.phase === 'Deployed');
  clock.skip(2000);
  const second = { namespace: 'default', name: 'second' };
  await client.create(kubeVirts, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    metadata: second,
    spec: {},
  });
  const told = await until(client, kubeVirts, second, ({ status }) =>
    Boolean(status?.conditions?.some(({ reason }) => reason === 'ExistingDeployment')),
  );
  expect(told.status?.phase).toBeUndefined();
});

test('KubeVirt cannot be uninstalled from the cluster that it is part of', async () => {
  const { send } = await startCluster();
  expect(await send('DELETE', `${kubeVirtUrl}/kubevirt`)).toMatchObject({ code: 501 });
});

test('a workload of containers says that nothing here runs it', async () => {
  const { client } = await startCluster();
  const labels = { app: 'web' };
  const made = await client.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'default', name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web' }] } },
    },
  });
  const told = await until(
    client,
    deployments,
    { namespace: 'default', name: 'web' },
    ({ status }) => status?.unavailableReplicas === 2,
  );
  expect(told.status?.readyReplicas).toBe(0);
  expect(told.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'Progressing',
      status: 'False',
      reason: 'NoContainerRuntime',
      message: expect.stringContaining('has no container runtime') as string,
    }),
  );
  const reasons = async () => (await eventsOf(client, made)).map(({ reason }) => reason);
  await expect.poll(reasons).toEqual(['NoContainerRuntime']);
});
