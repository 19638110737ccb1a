import { expect, test } from 'vitest';

import { controllerRevisions } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster, type TestCluster, vmAction } from './clusterFixture.ts';
import { movable, runningOn } from './migrations.ts';
import { plainVm } from './manifests.ts';
import { untilVm, untilVmi } from './watching.ts';

const web = { namespace: 'default', name: 'web' };
const change = ({ client }: TestCluster, spec: object) =>
  client.patch(virtualMachines, web, { type: 'merge', body: { spec: { template: { spec } } } });

const restartText = ({ client }: TestCluster) =>
  untilVm(client, 'web', ({ status }) =>
    Boolean(status?.conditions?.some(({ type }) => type === 'RestartRequired')),
  ).then(({ status }) => status?.conditions?.find(({ type }) => type === 'RestartRequired'));

const untilNoRestart = ({ client }: TestCluster) =>
  untilVm(client, 'web', ({ status, metadata }) =>
    Boolean(
      status?.desiredGeneration === metadata.generation &&
      status?.conditions?.every(({ type }) => type !== 'RestartRequired'),
    ),
  );

test('the spec of a start is kept, and the instance names it', async () => {
  const cluster = await startCluster();
  const vmi = await runningOn(cluster, movable('web'));
  const name = vmi.status?.virtualMachineRevisionName ?? '';
  const vm = await cluster.client.get(virtualMachines, web);
  expect(name).toBe(`revision-start-vm-${vm.metadata.uid}-1`);
  const revision = await cluster.client.get(controllerRevisions, { namespace: 'default', name });
  expect(revision.data).toEqual({ spec: vm.spec });
});

test('a change that cannot be made live asks for a restart, which takes it away', async () => {
  const cluster = await startCluster();
  await runningOn(cluster, movable('web'));
  await change(cluster, { domain: { cpu: { cores: 2 } } });
  const condition = await restartText(cluster);
  expect(condition).toMatchObject({
    status: 'True',
    message: 'a non-live-updatable field was changed in the template spec',
  });
  expect(condition).not.toHaveProperty('reason');
  await cluster.send('PUT', vmAction('web', 'restart'));
  const after = await untilNoRestart(cluster);
  expect(after.status?.printableStatus).not.toBe('Stopped');
  const vmi = await untilVmi(cluster.client, 'web', ({ spec }) => spec.domain.cpu?.cores === 2);
  expect(vmi.status?.virtualMachineRevisionName).toMatch(/-2$/);
  const { items } = await cluster.client.list(controllerRevisions, { namespace: 'default' });
  expect(items.map(({ metadata }) => metadata.name)).toEqual([
    vmi.status?.virtualMachineRevisionName,
  ]);
});

test('a change that is taken back needs no restart', async () => {
  const cluster = await startCluster();
  await runningOn(cluster, movable('web'));
  await change(cluster, { terminationGracePeriodSeconds: 31 });
  await restartText(cluster);
  await change(cluster, { terminationGracePeriodSeconds: 30 });
  await untilNoRestart(cluster);
});

test('placement follows without a restart', async () => {
  const cluster = await startCluster();
  await runningOn(cluster, movable('web'));
  const tolerations = [{ key: 'gpu', operator: 'Exists' }];
  await change(cluster, { nodeSelector: { zone: 'north' }, tolerations });
  const { spec } = await untilVmi(
    cluster.client,
    'web',
    (vmi) => vmi.spec.nodeSelector !== undefined,
  );
  expect(spec).toMatchObject({ nodeSelector: { zone: 'north' }, tolerations });
  await untilNoRestart(cluster);
});

test.each([
  [
    { cpu: { sockets: 9 } },
    "CPU sockets updated in template spec to a value higher than what's available",
  ],
  [{ cpu: { sockets: 1 } }, 'Reduction of CPU socket count requires a restart'],
  [
    { memory: { guest: '1Gi' } },
    'memory updated in template spec to a value lower than what the VM started with',
  ],
  [
    { memory: { guest: '9Gi' } },
    "memory updated in template spec to a value higher than what's available",
  ],
  [
    { memory: { guest: '3Gi' } },
    'memory updated in template spec. Memory-hotplug is only available for migratable VMs',
  ],
])('%j asks for a restart with its own reason', async (domain, message) => {
  const cluster = await startCluster();
  const vm = plainVm('web', { memory: '2Gi' });
  const { spec } = vm.spec.template;
  if (spec) spec.domain.cpu = { sockets: 2 };
  await runningOn(cluster, vm);
  await change(cluster, { domain });
  expect(await restartText(cluster)).toMatchObject({ status: 'True', message });
});
