import { expect, test } from 'vitest';

import {
  limitRanges,
  pods,
  podDisruptionBudgets,
  resourceQuotas,
} from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { plainVm } from './manifests.ts';
import { startWithKubectl } from './startWithKubectl.ts';
import { eventsOf, until, untilVm, untilVmi } from './watching.ts';

const quota = (hard: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'small', namespace: 'default' },
  spec: { hard },
});

test('a VM whose launcher pod exceeds a quota tells why, and starts when there is room', async () => {
  const { client } = await startWithKubectl();
  await client.create(resourceQuotas, quota({ 'requests.memory': '64Mi' }));
  await client.create(virtualMachines, plainVm('web'));
  const vmi = await untilVmi(client, 'web', ({ status }) =>
    Boolean(status?.conditions?.some(({ reason }) => reason === 'FailedCreate')),
  );
  const condition = vmi.status?.conditions?.find(({ type }) => type === 'Synchronized');
  expect(condition?.message).toMatch(
    /^failed to create virtual machine pod: pods "virt-launcher-web-\w+" is forbidden: exceeded quota: small, requested: requests.memory=\w+, used: requests.memory=0, limited: requests.memory=64Mi$/,
  );
  const reasons = async () => (await eventsOf(client, vmi)).map(({ reason }) => reason);
  await expect.poll(reasons).toContain('FailedCreate');
  await client.patch(
    resourceQuotas,
    { namespace: 'default', name: 'small' },
    { type: 'merge', body: { spec: { hard: { 'requests.memory': '4Gi' } } } },
  );
  await untilVm(client, 'web', 'Running');
});

test('a quota tells what is used, also when kubectl describes it', async () => {
  const { client, kubectl } = await startWithKubectl();
  await client.create(
    resourceQuotas,
    quota({ pods: '5', 'count/virtualmachines.kubevirt.io': '2' }),
  );
  await client.create(virtualMachines, plainVm('web'));
  await untilVm(client, 'web', 'Running');
  await until(
    client,
    resourceQuotas,
    { namespace: 'default', name: 'small' },
    ({ status }) => status?.used?.['pods'] === '1',
  );
  const text = await kubectl('describe', 'quota', 'small');
  expect(text).toMatch(/count\/virtualmachines\.kubevirt\.io +1 +2\n/);
  expect(text).toMatch(/pods +1 +5\n/);
});

test('a launcher pod takes the default limits of its namespace', async () => {
  const { client } = await startWithKubectl();
  await client.create(limitRanges, {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'range', namespace: 'default' },
    spec: { limits: [{ type: 'Container', default: { cpu: '2' } }] },
  });
  await client.create(virtualMachines, plainVm('web'));
  await untilVm(client, 'web', 'Running');
  const { items } = await client.list(pods, { namespace: 'default' });
  const compute = items[0]?.spec.containers.find(({ name }) => name === 'compute');
  expect(compute?.resources?.limits).toMatchObject({ cpu: '2' });
});

test('a disruption budget tells how many of its pods may go', async () => {
  const { client } = await startWithKubectl();
  await client.create(podDisruptionBudgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'budget', namespace: 'default' },
    spec: { minAvailable: 1, selector: { matchLabels: { 'kubevirt.io': 'virt-launcher' } } },
  });
  const key = { namespace: 'default', name: 'budget' };
  for (const name of ['one', 'two']) {
    await client.create(virtualMachines, plainVm(name));
    await untilVm(client, name, 'Running');
  }
  const budget = await until(
    client,
    podDisruptionBudgets,
    key,
    ({ status }) => status?.disruptionsAllowed === 1,
  );
  expect(budget.status).toMatchObject({ currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 });
});
