import { expect, onTestFinished, test, vi } from 'vitest';

import { nodes, type Pod, podDisruptionBudgets, pods } from '../../src/client/resources.ts';
import {
  kubeVirts,
  virtualMachineInstances,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { startCluster, type TestCluster, vmiAction } from './clusterFixture.ts';
import { inDefault, migrations, movable, runningOn } from './migrations.ts';
import { plainVm, type VmOptions } from './manifests.ts';
import { eventsOf, until, untilGone, untilVm, untilVmi } from './watching.ts';

const interceptor =
  'admission webhook "virt-launcher-eviction-interceptor.kubevirt.io" denied the request: ';

const withStrategy = (evictionStrategy: string): VmOptions => ({
  change(vm) {
    Object.assign(vm.spec.template.spec ?? {}, { evictionStrategy });
  },
});

async function launcherOf({ client }: TestCluster, name: string): Promise<Pod> {
  const vmi = await untilVmi(client, name, 'Running');
  // Its kubelet may report on it a moment later.
  return vi.waitFor(async () => {
    const { items } = await client.list(pods, {
      labelSelector: `kubevirt.io/created-by=${vmi.metadata.uid}`,
    });
    const found = items.find(({ status }) => status?.phase === 'Running');
    if (!found) throw new Error(`${name} has no pod that runs`);
    return found;
  }, 15_000);
}

const evict = ({ send }: TestCluster, pod: Pod, deleteOptions?: object) =>
  send('POST', `/api/v1/namespaces/default/pods/${pod.metadata.name}/eviction`, {
    body: {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: pod.metadata.name, namespace: 'default' },
      ...(deleteOptions && { deleteOptions }),
    },
  });

test('an eviction moves a VMI with LiveMigrate, and is granted once it has gone', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  const vmi = await runningOn(cluster, movable('web', withStrategy('LiveMigrate')));
  const pod = await launcherOf(cluster, 'web');
  const from = vmi.status?.nodeName ?? '';
  expect(await evict(cluster, pod)).toMatchObject({
    code: 429,
    body: {
      reason: 'TooManyRequests',
      message: `${interceptor}Eviction triggered evacuation of VMI "default/web"`,
    },
  });
  const moved = await untilVmi(client, 'web', ({ status }) => status?.nodeName !== from);
  expect(moved.status?.evacuationNodeName).toBeUndefined();
  const { items } = await client.list(migrations, { namespace: 'default' });
  expect(items.map(({ metadata }) => metadata)).toMatchObject([
    {
      name: expect.stringMatching(/^kubevirt-evacuation-/) as unknown,
      annotations: { 'kubevirt.io/evacuationMigration': from },
      labels: { 'kubevirt.io/vmi-name': 'web' },
    },
  ]);
  await untilVmi(
    client,
    'web',
    ({ status }) => !status?.conditions?.some(({ type }) => type === 'EvictionRequested'),
  );
  await until(client, pods, inDefault(pod.metadata.name), (p) => p.status?.phase === 'Succeeded');
  expect((await evict(cluster, pod)).code).toBe(201);
  await untilGone(client, pods, inDefault(pod.metadata.name));
});

test('a second eviction of a VMI that cannot leave yet is told so', async () => {
  const cluster = await startCluster({ nodes: 1 });
  await runningOn(cluster, movable('web', withStrategy('LiveMigrate')));
  const pod = await launcherOf(cluster, 'web');
  expect((await evict(cluster, pod, { dryRun: ['All'] })).code).toBe(429);
  const unmarked = await untilVmi(cluster.client, 'web', 'Running');
  expect(unmarked.status?.evacuationNodeName).toBeUndefined();
  await evict(cluster, pod);
  expect((await evict(cluster, pod)).body['message']).toBe(
    `${interceptor}Evacuation in progress: Eviction triggered evacuation of VMI "default/web"`,
  );
  const marked = await untilVmi(cluster.client, 'web', ({ status }) =>
    Boolean(status?.conditions?.some(({ type }) => type === 'EvictionRequested')),
  );
  expect(marked.status?.evacuationNodeName).toBe('node-1');
});

test('evacuate/cancel takes the mark away', async () => {
  const cluster = await startCluster({ nodes: 1 });
  await runningOn(cluster, movable('web', withStrategy('LiveMigrate')));
  await evict(cluster, await launcherOf(cluster, 'web'));
  const url = vmiAction('web', 'evacuate/cancel');
  const wrong = await cluster.send('PUT', url, { body: { evacuationNodeName: 'node-9' } });
  expect(wrong.code).toBe(500);
  const right = await cluster.send('PUT', url, { body: { evacuationNodeName: 'node-1' } });
  expect(right).toMatchObject({ code: 200, text: '' });
  const vmi = await untilVmi(cluster.client, 'web', 'Running');
  expect(vmi.status?.evacuationNodeName).toBeUndefined();
});

test('a VMI that should move and cannot stays', async () => {
  const cluster = await startCluster({ nodes: 2 });
  await runningOn(cluster, plainVm('web', withStrategy('LiveMigrate')));
  expect(await evict(cluster, await launcherOf(cluster, 'web'))).toMatchObject({
    code: 429,
    body: {
      message: `${interceptor}VMI web is configured with an eviction strategy but is not live-migratable`,
    },
  });
});

test.each(['None', 'LiveMigrateIfPossible'])(
  'with %s a VMI that cannot move is shut down, and its VM starts it elsewhere',
  async (strategy) => {
    const cluster = await startCluster({ nodes: 2 });
    const { client } = cluster;
    const before = await runningOn(cluster, plainVm('web', withStrategy(strategy)));
    const from = before.status?.nodeName ?? '';
    await client.patch(
      nodes,
      { name: from },
      { type: 'merge', body: { spec: { unschedulable: true } } },
    );
    expect((await evict(cluster, await launcherOf(cluster, 'web'))).code).toBe(201);
    const after = await untilVmi(
      client,
      'web',
      ({ metadata, status }) => metadata.uid !== before.metadata.uid && status?.phase === 'Running',
    );
    expect(after.status?.nodeName).not.toBe(from);
  },
);

test('with External a VMI is marked and left to others', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  await runningOn(cluster, movable('web', withStrategy('External')));
  expect((await evict(cluster, await launcherOf(cluster, 'web'))).code).toBe(429);
  const vmi = await untilVmi(client, 'web', ({ status }) => Boolean(status?.evacuationNodeName));
  expect(vmi.status?.evacuationNodeName).toBe(vmi.status?.nodeName);
  expect((await client.list(migrations)).items).toEqual([]);
});

test('a VMI that is to move has a budget of its own, larger while it moves', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  const vmi = await runningOn(cluster, movable('web', withStrategy('LiveMigrate')));
  const budgetOf = async () => (await client.list(podDisruptionBudgets)).items;
  await expect.poll(async () => (await budgetOf()).length).toBe(1);
  const [budget] = await budgetOf();
  expect(budget).toMatchObject({
    metadata: {
      name: expect.stringMatching(/^kubevirt-disruption-budget-/) as unknown,
      ownerReferences: [{ kind: 'VirtualMachineInstance', name: 'web' }],
    },
    spec: {
      minAvailable: 1,
      selector: { matchLabels: { 'kubevirt.io/created-by': vmi.metadata.uid } },
    },
  });
  const key = inDefault(budget?.metadata.name ?? '');
  const grows = until(client, podDisruptionBudgets, key, ({ spec }) => spec?.minAvailable === 2);
  await evict(cluster, await launcherOf(cluster, 'web'));
  await grows;
  await until(client, podDisruptionBudgets, key, ({ spec }) => spec?.minAvailable === 1);
  await client.delete(virtualMachines, inDefault('web'));
  await expect.poll(budgetOf).toEqual([]);
});

/** How many migrations off the node are under way after each change from now on. */
async function countUnderWay({ client }: TestCluster, node: string): Promise<number[]> {
  const { resourceVersion } = await client.list(migrations);
  const here = new Set<string>();
  const open = new Set<string>();
  const counts: number[] = [];
  const note = () => counts.push([...open].filter((vmi) => here.has(vmi)).length);
  onTestFinished(
    client.watch(
      virtualMachineInstances,
      { resourceVersion: '0' },
      ({ object: { metadata, status } }) => {
        if (status?.nodeName === node) here.add(metadata.name);
        // Its migration is still to be reported on, and no more under way.
        else here.delete(metadata.name);
        note();
      },
      () => undefined,
    ),
  );
  onTestFinished(
    client.watch(
      migrations,
      { resourceVersion },
      ({ type, object: { spec, status } }) => {
        const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
        if (type === 'DELETED' || hasEnded) open.delete(spec.vmiName ?? '');
        else open.add(spec.vmiName ?? '');
        note();
      },
      () => undefined,
    ),
  );
  return counts;
}

test('the taint of a drain moves what may move, two at a time', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  await client.patch(
    nodes,
    { name: 'node-2' },
    { type: 'merge', body: { spec: { unschedulable: true } } },
  );
  for (const name of ['a', 'b', 'c']) {
    await runningOn(cluster, movable(name, withStrategy('LiveMigrate')));
  }
  await runningOn(cluster, movable('stays', withStrategy('None')));
  await client.patch(
    nodes,
    { name: 'node-2' },
    { type: 'merge', body: { spec: { unschedulable: null } } },
  );
  const underWay = await countUnderWay(cluster, 'node-1');
  const taints = [{ key: 'kubevirt.io/drain', effect: 'NoSchedule' }];
  await client.patch(nodes, { name: 'node-1' }, { type: 'merge', body: { spec: { taints } } });
  await expect.poll(async () => (await client.list(migrations)).items.length).toBeGreaterThan(1);
  // The third has its turn when one has ended, at the latest 5 s later.
  cluster.clock.skip(6000);
  for (const name of ['a', 'b', 'c']) {
    await untilVmi(client, name, ({ status }) => status?.nodeName === 'node-2');
  }
  expect(Math.max(...underWay)).toBe(2);
  const stayed = await untilVmi(client, 'stays', 'Running');
  expect(stayed.status?.nodeName).toBe('node-1');
});

test('a budget of one keeps its last pod, and says how many it needs', async () => {
  const cluster = await startCluster();
  const { client } = cluster;
  await runningOn(cluster, plainVm('web', withStrategy('None')));
  await client.create(podDisruptionBudgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'keep', namespace: 'default' },
    spec: { minAvailable: 1, selector: { matchLabels: { 'kubevirt.io': 'virt-launcher' } } },
  });
  await until(
    client,
    podDisruptionBudgets,
    inDefault('keep'),
    ({ status }) => status?.expectedPods === 1,
  );
  expect(await evict(cluster, await launcherOf(cluster, 'web'))).toMatchObject({
    code: 429,
    body: {
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: 'The disruption budget keep needs 1 healthy pods and has 1 currently',
          },
        ],
      },
    },
  });
});

test('the cluster says what becomes of VMIs that name no strategy', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  await client.patch(
    kubeVirts,
    { namespace: 'kubevirt', name: 'kubevirt' },
    { type: 'merge', body: { spec: { configuration: { evictionStrategy: 'LiveMigrate' } } } },
  );
  const vmi = await runningOn(cluster, movable('web'));
  expect(vmi.spec.evictionStrategy).toBe('LiveMigrate');
  await untilVm(client, 'web', 'Running');
  await expect
    .poll(async () => (await eventsOf(client, vmi)).map(({ message }) => message))
    .toContainEqual(
      expect.stringMatching(/^Created PodDisruptionBudget kubevirt-disruption-budget-/),
    );
});
