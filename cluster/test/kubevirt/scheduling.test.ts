import { expect, test } from 'vitest';

import { pods } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { eventsOf, record, untilVm, untilVmi } from './watching.ts';

/** A simulated node has 4 TiB: two of these fill it, a third finds no room. */
const half = '1900Gi';

test('a VM that finds no room is unschedulable until another stops', async () => {
  const { client, send } = await startCluster();
  for (const name of ['one', 'two']) {
    await client.create(virtualMachines, plainVm(name, { memory: half }));
    await untilVm(client, name, 'Running');
  }
  await client.create(virtualMachines, plainVm('three', { memory: half }));
  const waiting = await untilVm(client, 'three', 'ErrorUnschedulable');
  const words = '0/1 nodes are available: 1 Insufficient memory.';
  expect(waiting.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: words,
    }),
  );
  const vmi = await untilVmi(client, 'three', 'Scheduling');
  const { items } = await client.list(pods, {
    labelSelector: `kubevirt.io/created-by=${vmi.metadata.uid}`,
  });
  const pod = items[0];
  expect(pod?.status?.phase).toBe('Pending');
  const failed = pod ? await eventsOf(client, pod) : [];
  expect(failed.map(({ reason, message }) => [reason, message])).toEqual([
    ['FailedScheduling', words],
  ]);

  const statuses = await record(
    client,
    virtualMachines,
    'three',
    (vm) => vm.status?.printableStatus,
  );
  await send('PUT', vmAction('one', 'stop'));
  const running = await untilVm(client, 'three', 'Running');
  expect(running.status?.conditions?.map(({ type }) => type)).not.toContain('PodScheduled');
  const after = statuses.filter((status) => status !== 'ErrorUnschedulable');
  expect(after).toEqual(['Starting', 'Running']);
});

test('guests are spread over the nodes', async () => {
  const { client } = await startCluster({ nodes: 2 });
  const names = ['one', 'two'];
  for (const name of names) {
    await client.create(virtualMachines, plainVm(name, { memory: half }));
  }
  const found = await Promise.all(names.map((name) => untilVmi(client, name, 'Running')));
  expect(found.map(({ status }) => status?.nodeName).sort()).toEqual(['node-1', 'node-2']);
});

test('a VM whose memory no node has is refused at its field', async () => {
  const { send } = await startCluster();
  const url = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';
  const field = 'spec.template.spec.domain.memory.guest';
  expect(await send('POST', url, { body: plainVm('huge', { memory: '5Ti' }) })).toMatchObject({
    code: 422,
    body: {
      reason: 'Invalid',
      message: expect.stringContaining(`${field} '5Ti': no node has so much memory`),
      details: { causes: [{ reason: 'FieldValueInvalid', field }] },
    },
  });
});
