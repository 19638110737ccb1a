import { expect, test } from 'vitest';

import { leases, type Node, nodes, pods } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster, type TestCluster, vmiAction } from './clusterFixture.ts';
import { inDefault, runningOn } from './migrations.ts';
import { plainVm } from './manifests.ts';
import { eventsOf, until, untilGone, untilVm, untilVmi } from './watching.ts';

const readyOf = ({ status }: Node) => status?.conditions?.find(({ type }) => type === 'Ready');
const taintsOf = ({ spec }: Node) =>
  (spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const unreachable = ['NoSchedule', 'NoExecute'].map(
  (effect) => `node.kubernetes.io/unreachable:${effect}`,
);

/** Lets the time go on, look by look, until the node is given up. */
async function untilLost({ client, clock }: TestCluster, name: string): Promise<Node> {
  const look = async () => {
    clock.skip(5000);
    return readyOf(await client.get(nodes, { name }))?.status;
  };
  await expect.poll(look, { timeout: 20_000 }).toBe('Unknown');
  return client.get(nodes, { name });
}

const nodeOf = (node: string | undefined) => node ?? '';

test('a node shows the heartbeat of its virt-handler and renews its lease', async () => {
  const { client, clock } = await startCluster();
  const node = await client.get(nodes, { name: 'node-1' });
  expect(node.metadata.labels?.['kubevirt.io/schedulable']).toBe('true');
  const beat = node.metadata.annotations?.['kubevirt.io/heartbeat'];
  expect(Date.parse(beat ?? '')).toBeGreaterThan(0);
  const key = { namespace: 'kube-node-lease', name: 'node-1' };
  const lease = await client.get(leases, key);
  expect(lease.spec).toMatchObject({ holderIdentity: 'node-1', leaseDurationSeconds: 40 });
  clock.skip(61_000);
  await until(client, leases, key, ({ spec }) => spec?.renewTime !== lease.spec?.renewTime);
  await until(
    client,
    nodes,
    { name: 'node-1' },
    ({ metadata }) => metadata.annotations?.['kubevirt.io/heartbeat'] !== beat,
  );
});

test('a node that is cordoned has the taint of it until it is uncordoned', async () => {
  const { client } = await startCluster();
  const cordon = (unschedulable: boolean) =>
    client.patch(nodes, { name: 'node-1' }, { type: 'merge', body: { spec: { unschedulable } } });
  await cordon(true);
  const taint = 'node.kubernetes.io/unschedulable:NoSchedule';
  await until(client, nodes, { name: 'node-1' }, (node) => taintsOf(node).includes(taint));
  await client.create(virtualMachines, plainVm('web'));
  const waiting = await untilVm(client, 'web', 'ErrorUnschedulable');
  expect(waiting.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'PodScheduled',
      message: '0/1 nodes are available: 1 node(s) were unschedulable.',
    }),
  );
  await cordon(false);
  await until(client, nodes, { name: 'node-1' }, (node) => taintsOf(node).length === 0);
  await untilVm(client, 'web', 'Running');
});

test('a node that is lost is not ready, takes nothing more, and comes back with its guests', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  const vmi = await runningOn(cluster, plainVm('web'));
  const name = nodeOf(vmi.status?.nodeName);
  await cluster.cluster.stopNode(name);
  const lost = await untilLost(cluster, name);
  expect(readyOf(lost)).toMatchObject({
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  });
  await until(client, nodes, { name }, (node) =>
    unreachable.every((t) => taintsOf(node).includes(t)),
  );
  await untilVmi(client, 'web', ({ status }) =>
    Boolean(status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'False')),
  );
  expect((await eventsOf(client, lost)).map(({ message }) => message)).toContain(
    `Node ${name} status is now: NodeNotReady`,
  );
  const other = await runningOn(cluster, plainVm('other'));
  expect(other.status?.nodeName).not.toBe(name);

  await cluster.cluster.startNode(name);
  await until(
    client,
    nodes,
    { name },
    (n) => readyOf(n)?.status === 'True' && taintsOf(n).length === 0,
  );
  const back = await untilVmi(client, 'web', ({ status }) =>
    Boolean(status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')),
  );
  expect(back.metadata.uid).toBe(vmi.metadata.uid);
  expect((await cluster.send('PUT', vmiAction('web', 'pause'))).code).toBe(200);
});

test('pods of a lost node are to go after 5 minutes, and do when it is out of service', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  const vmi = await runningOn(cluster, plainVm('web'));
  const name = nodeOf(vmi.status?.nodeName);
  const { items } = await client.list(pods, {
    namespace: 'default',
    fieldSelector: `spec.nodeName=${name}`,
  });
  const pod = inDefault(items[0]?.metadata.name ?? '');
  await cluster.cluster.stopNode(name);
  await untilLost(cluster, name);
  await until(client, nodes, { name }, (node) =>
    unreachable.every((t) => taintsOf(node).includes(t)),
  );
  await expect
    .poll(async () => {
      cluster.clock.skip(60_000);
      return (await client.get(pods, pod)).metadata.deletionTimestamp;
    })
    .toBeDefined();
  const going = await client.get(pods, pod);
  expect(going.status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'DisruptionTarget', reason: 'DeletionByTaintManager' }),
  );
  // Nobody can say that it has ended.
  expect((await untilVmi(client, 'web', 'Running')).metadata.uid).toBe(vmi.metadata.uid);
  const { spec } = await client.get(nodes, { name });
  const taints = [
    ...(spec?.taints ?? []),
    { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' },
  ];
  await client.patch(nodes, { name }, { type: 'merge', body: { spec: { taints } } });
  await untilGone(client, pods, pod);
  const after = await untilVmi(
    client,
    'web',
    ({ metadata, status }) => metadata.uid !== vmi.metadata.uid && status?.phase === 'Running',
  );
  expect(after.status?.nodeName).not.toBe(name);
});
