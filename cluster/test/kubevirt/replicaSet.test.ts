import { expect, test } from 'vitest';

import type { Draft } from '../../src/client/KubeClient.ts';
import {
  type VirtualMachineInstanceReplicaSet,
  virtualMachineInstanceReplicaSets as replicaSets,
  virtualMachineInstances,
} from '../../src/kubevirt/resources.ts';
import { inDefault } from './migrations.ts';
import { startWithKubectl } from './startWithKubectl.ts';
import { eventsOf, until } from './watching.ts';

function webSet(replicas: number, app = 'web'): Draft<VirtualMachineInstanceReplicaSet> {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstanceReplicaSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { domain: { memory: { guest: '128Mi' }, devices: {} } },
      },
    },
  };
}

async function started(replicas: number) {
  const cluster = await startWithKubectl();
  const { client } = cluster;
  await client.create(replicaSets, webSet(replicas));
  const ready = (count: number) =>
    until(
      client,
      replicaSets,
      inDefault('web'),
      ({ status }) => status?.readyReplicas === count && status.replicas === count,
    );
  const names = async () =>
    (await client.list(virtualMachineInstances)).items.map(({ metadata }) => metadata.name);
  const set = await ready(replicas);
  return { ...cluster, ready, names, set };
}

test('a replica set keeps as many VMIs as it is scaled to', async () => {
  const { client, kubectl, ready, names, set } = await started(3);
  expect(await names()).toEqual(Array(3).fill(expect.stringMatching(/^web[a-z0-9]{5}$/)));
  expect(set.status?.labelSelector).toBe('app=web');
  await kubectl('scale', 'vmirs/web', '--replicas=1');
  await ready(1);
  await expect.poll(async () => (await names()).length).toBe(1);
  const reasons = (await eventsOf(client, set)).map(({ reason }) => reason);
  expect(reasons.filter((reason) => reason === 'SuccessfulCreate')).toHaveLength(3);
  expect(reasons.filter((reason) => reason === 'SuccessfulDelete')).toHaveLength(2);
});

test('a VMI that ends is replaced by another', async () => {
  const { client, names, ready } = await started(1);
  const [first = ''] = await names();
  await client.delete(virtualMachineInstances, inDefault(first));
  await expect.poll(names).not.toContain(first);
  await ready(1);
});

test('a paused replica set makes nothing until it goes on', async () => {
  const { client, ready, names, set } = await started(1);
  const change = (spec: object) =>
    client.patch(replicaSets, inDefault('web'), { type: 'merge', body: { spec } });
  await change({ paused: true, replicas: 2 });
  const paused = await until(client, replicaSets, inDefault('web'), ({ status }) =>
    Boolean(status?.conditions?.some(({ type }) => type === 'ReplicaPaused')),
  );
  expect(paused.status?.conditions).toMatchObject([
    { type: 'ReplicaPaused', status: 'True', reason: 'Paused', message: 'Controller got paused' },
  ]);
  expect(await names()).toHaveLength(1);
  await change({ paused: false });
  const on = await ready(2);
  expect(on.status?.conditions).toEqual([]);
  expect((await eventsOf(client, set)).map(({ reason }) => reason)).toEqual(
    expect.arrayContaining(['SuccessfulPaused', 'SuccessfulResumed']),
  );
});

test('its VMIs go with it', async () => {
  const { client, names } = await started(2);
  await client.delete(replicaSets, inDefault('web'));
  await expect.poll(names).toEqual([]);
});

test('a selector that misses the labels of the template is refused', async () => {
  const { client } = await startWithKubectl();
  await expect(client.create(replicaSets, webSet(1, 'other'))).rejects.toThrow(
    'admission webhook "virtualmachinereplicaset-validator.kubevirt.io" denied the request: selector does not match labels.',
  );
});
