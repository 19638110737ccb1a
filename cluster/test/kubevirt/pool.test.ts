import { expect, onTestFinished, test } from 'vitest';

import { dataVolumes } from '../../src/cdi/resources.ts';
import type { Draft } from '../../src/client/KubeClient.ts';
import { controllerRevisions } from '../../src/client/resources.ts';
import {
  virtualMachineInstances,
  type VirtualMachinePool,
  virtualMachinePools as pools,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { startWithKubectl } from './startWithKubectl.ts';
import { inDefault } from './migrations.ts';
import { diskVm, plainVm } from './manifests.ts';
import { until, untilVmi } from './watching.ts';

type Spec = VirtualMachinePool['spec'];

function webPool(spec: Partial<Spec>, vm = plainVm('web')): Draft<VirtualMachinePool> {
  return {
    apiVersion: 'pool.kubevirt.io/v1beta1',
    kind: 'VirtualMachinePool',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      virtualMachineTemplate: { metadata: { labels: { app: 'web' } }, spec: vm.spec },
      ...spec,
    },
  };
}

async function started(pool: Draft<VirtualMachinePool>) {
  const cluster = await startWithKubectl();
  const { client } = cluster;
  await client.create(pools, pool);
  const ready = (count: number) =>
    until(
      client,
      pools,
      inDefault('web'),
      ({ status }) => status?.readyReplicas === count && status.replicas === count,
    );
  const names = async () =>
    (await client.list(virtualMachines)).items.map(({ metadata }) => metadata.name).sort();
  await ready(pool.spec.replicas ?? 1);
  return { ...cluster, ready, names };
}

test('the VMs of a pool, and their disks, are numbered from 0', async () => {
  const { client, names } = await started(webPool({}, diskVm('web')));
  expect(await names()).toEqual(['web-0', 'web-1']);
  const disks = (await client.list(dataVolumes)).items.map(({ metadata }) => metadata.name);
  expect(disks.sort()).toEqual(['web-root-0', 'web-root-1']);
  const vm = await client.get(virtualMachines, inDefault('web-1'));
  expect(vm.spec.template.spec?.volumes).toMatchObject([{ dataVolume: { name: 'web-root-1' } }]);
});

test('a pool shrinks by its policy, and fills the gap when it grows', async () => {
  const scaleInStrategy = { proactive: { selectionPolicy: { sortPolicy: 'AscendingOrder' } } };
  const { kubectl, names, ready } = await started(webPool({ replicas: 3, scaleInStrategy }));
  await kubectl('scale', 'vmpool/web', '--replicas=2');
  await ready(2);
  await expect.poll(names).toEqual(['web-1', 'web-2']);
  await kubectl('scale', 'vmpool/web', '--replicas=3');
  await ready(3);
  expect(await names()).toEqual(['web-0', 'web-1', 'web-2']);
});

test.each([
  ['proactive', true],
  ['opportunistic', false],
] as const)(
  'a new template is taken, with the strategy %s by a restart: %s',
  async (strategy, restarts) => {
    const { client } = await started(webPool({ replicas: 1, updateStrategy: { [strategy]: {} } }));
    const before = await untilVmi(client, 'web-0', 'Running');
    const template = plainVm('web', { memory: '512Mi' }).spec;
    await client.patch(pools, inDefault('web'), {
      type: 'merge',
      body: { spec: { virtualMachineTemplate: { spec: template } } },
    });
    await until(
      client,
      virtualMachines,
      inDefault('web-0'),
      ({ spec }) => spec.template.spec?.domain.memory?.guest === '512Mi',
    );
    if (restarts) {
      const after = await untilVmi(
        client,
        'web-0',
        ({ metadata, status }) =>
          metadata.uid !== before.metadata.uid && status?.phase === 'Running',
      );
      expect(after.metadata.labels?.['kubevirt.io/vm-pool-revision-name']).toBe('web-2');
    } else {
      expect((await untilVmi(client, 'web-0', 'Running')).metadata.uid).toBe(before.metadata.uid);
    }
    const revisions = (await client.list(controllerRevisions)).items.map(
      ({ metadata }) => metadata.name,
    );
    expect(revisions).toContain('web-2');
  },
);

test('a new template is taken in the order of the policy, as many at a time as may be away', async () => {
  const selectionPolicy = { sortPolicy: 'DescendingOrder' };
  const { client } = await started(
    webPool({
      replicas: 3,
      maxUnavailable: '34%',
      updateStrategy: { proactive: { selectionPolicy } },
    }),
  );
  const restarted: string[] = [];
  const { items, resourceVersion } = await client.list(virtualMachineInstances);
  const known = new Set(items.map(({ metadata }) => metadata.uid));
  const stop = client.watch(
    virtualMachineInstances,
    { resourceVersion },
    ({ type, object }) => {
      if (type === 'ADDED' && !known.has(object.metadata.uid)) restarted.push(object.metadata.name);
    },
    () => undefined,
  );
  onTestFinished(stop);
  await client.patch(pools, inDefault('web'), {
    type: 'merge',
    body: { spec: { virtualMachineTemplate: { spec: plainVm('web', { memory: '512Mi' }).spec } } },
  });
  await expect.poll(() => restarted).toEqual(['web-2', 'web-1', 'web-0']);
});

test('a pool that is only scaled restarts nothing', async () => {
  const { client, kubectl, ready } = await started(webPool({ replicas: 1 }));
  const before = await untilVmi(client, 'web-0', 'Running');
  await kubectl('scale', 'vmpool/web', '--replicas=2');
  await ready(2);
  expect((await untilVmi(client, 'web-0', 'Running')).metadata.uid).toBe(before.metadata.uid);
});

test('what a pool cannot do here is refused and not ignored', async () => {
  const { client } = await startWithKubectl();
  await expect(client.create(pools, webPool({ autohealing: {} }))).rejects.toThrow('autohealing');
  const selectionPolicy = { selectors: { labelSelector: {} } };
  await expect(
    client.create(pools, webPool({ updateStrategy: { proactive: { selectionPolicy } } })),
  ).rejects.toThrow('updateStrategy.proactive.selectionPolicy.selectors');
  await expect(
    client.create(pools, webPool({ selector: { matchLabels: { app: 'other' } } })),
  ).rejects.toThrow(
    'admission webhook "virtualmachinepool-validator.kubevirt.io" denied the request: selector does not match labels.',
  );
});
