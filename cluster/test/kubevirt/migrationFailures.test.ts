import { expect, test } from 'vitest';

import type { Draft } from '../../src/client/KubeClient.ts';
import { nodes, pods } from '../../src/client/resources.ts';
import { kubeVirts, migrationPolicies, type VirtualMachine } from '../../src/kubevirt/resources.ts';
import { SimulatedRuntime } from '../../src/kubevirt/virt-launcher/SimulatedRuntime.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { diskVm, plainVm } from './manifests.ts';
import {
  inDefault,
  migrationOf,
  migrations,
  movable,
  runningOn,
  untilPhase,
} from './migrations.ts';
import { eventsOf, record, untilGone, untilVm, untilVmi } from './watching.ts';

test('what cannot be migrated is refused with the reason', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { send } = cluster;
  await runningOn(cluster, plainVm('bridged'));
  const unshared = movable('unshared');
  const template = diskVm('unshared', {
    template: {
      metadata: { name: 'unshared' },
      spec: {
        source: { blank: {} },
        storage: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } },
      },
    },
  });
  unshared.spec.dataVolumeTemplates = template.spec.dataVolumeTemplates ?? [];
  Object.assign(unshared.spec.template.spec ?? {}, {
    volumes: template.spec.template.spec?.volumes,
  });
  const { spec } = unshared.spec.template;
  if (spec) spec.domain.devices.disks = [{ name: 'root', disk: { bus: 'virtio' } }];
  await runningOn(cluster, unshared);
  const denied = 'admission webhook "migration-create-validator.kubevirt.io" denied the request: ';
  const url = '/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstancemigrations';
  const refusal = async (name: string) => {
    const { code, body } = await send('POST', url, { body: migrationOf(name) });
    return [code, body['message']];
  };
  expect(await refusal('absent')).toEqual([
    400,
    `${denied}the VMI "default/absent" does not exist`,
  ]);
  expect(await refusal('bridged')).toEqual([
    400,
    `${denied}Cannot migrate VMI, Reason: InterfaceNotLiveMigratable, Message: cannot migrate VMI which does not use masquerade, bridge with kubevirt.io/allow-pod-bridge-network-live-migration VM annotation or a migratable plugin to connect to the pod network`,
  ]);
  expect(await refusal('unshared')).toEqual([
    400,
    `${denied}Cannot migrate VMI, Reason: DisksNotLiveMigratable, Message: cannot migrate VMI: PVC unshared is not shared, live migration requires that all PVCs must be shared (using ReadWriteMany access mode)`,
  ]);
  expect(await send('PUT', vmAction('bridged', 'migrate'))).toMatchObject({
    code: 500,
    body: {
      message: expect.stringContaining('Reason: InterfaceNotLiveMigratable') as string,
    },
  });
});

test('a second migration of the same VMI is refused while the first goes on', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client, send } = cluster;
  await runningOn(cluster, movable('web-never-converges'));
  const first = await client.create(migrations, migrationOf('web-never-converges'));
  await untilPhase(cluster, first.metadata.name, 'Running');
  const { code, body } = await send('PUT', vmAction('web-never-converges', 'migrate'));
  expect([code, body['message']]).toEqual([
    500,
    expect.stringContaining(
      `in-flight migration detected. Active migration job (${first.metadata.uid}) is currently already in progress for VMI web-never-converges.`,
    ),
  ]);
});

test('deleting a migration that runs cancels it', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  const vmi = await runningOn(cluster, movable('web-never-converges'));
  const { name } = vmi.metadata;
  const migration = await client.create(migrations, migrationOf(name));
  const { metadata } = migration;
  await untilPhase(cluster, metadata.name, 'Running');
  const phases = await record(client, migrations, metadata.name, ({ status }) => status?.phase);
  await client.delete(migrations, metadata);
  await untilGone(client, migrations, metadata);
  expect(phases).toEqual(['Running', 'Failed', 'deleted']);
  const after = await untilVmi(client, name, 'Running');
  expect(after.status?.nodeName).toBe(vmi.status?.nodeName);
  expect(after.status?.migrationState).toMatchObject({
    abortRequested: true,
    abortStatus: 'Succeeded',
    failed: true,
    failureReason: 'Live migration aborted',
  });
  await expect
    .poll(async () => (await eventsOf(client, migration)).map(({ reason }) => reason))
    .toEqual(expect.arrayContaining(['SuccessfulAbortMigration', 'FailedMigration']));
  // Nothing is left of the target.
  await untilVmi(client, name, ({ status }) => Object.keys(status?.activePods ?? {}).length === 1);
});

test.each([
  ['web-fails-to-migrate', 'Live migration failed: its name asks for it (-fails-to-migrate)'],
  [
    'web-fails-to-arrive',
    'The guest could not be started: its name asks for it (-fails-to-arrive)',
  ],
])('the guest stays when the migration of %s fails', async (name, failureReason) => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  const vmi = await runningOn(cluster, movable(name));
  const { metadata } = await client.create(migrations, migrationOf(name));
  const failed = await untilPhase(cluster, metadata.name, 'Failed');
  expect(failed.status?.migrationState).toMatchObject({ failed: true, failureReason });
  await untilVm(client, name, 'Running');
  const after = await untilVmi(client, name, 'Running');
  expect(after.status?.nodeName).toBe(vmi.status?.nodeName);
  await expect
    .poll(async () => (await eventsOf(client, failed)).map(({ message }) => message))
    .toContain('source node reported migration failed');
});

test('a migration that takes too long is aborted', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client, clock } = cluster;
  await client.create(migrationPolicies, {
    apiVersion: 'migrations.kubevirt.io/v1alpha1',
    kind: 'MigrationPolicy',
    metadata: { name: 'hasty' },
    spec: {
      selectors: { virtualMachineInstanceSelector: { app: 'web-never-converges' } },
      completionTimeoutPerGiB: 20,
    },
  });
  const vmi = await runningOn(cluster, movable('web-never-converges'));
  const { metadata } = await client.create(migrations, migrationOf(vmi.metadata.name));
  await untilPhase(cluster, metadata.name, 'Running');
  // One look while there is time left, then one after it.
  clock.skip(30_000);
  const failed = await untilPhase(cluster, metadata.name, 'Failed');
  expect(failed.status?.migrationState).toMatchObject({
    migrationPolicyName: 'hasty',
    failureReason: 'Live migration is not completed after 20 seconds and has been aborted',
  });
});

test.each([
  ['PostCopy', { allowPostCopy: true }],
  ['Paused', { allowWorkloadDisruption: true }],
  ['Paused', { allowPostCopy: false, allowWorkloadDisruption: true }],
])(
  'one that takes too long is brought to its end by %s where its policy is %j',
  async (mode, allowed) => {
    const cluster = await startCluster({ nodes: 2 });
    const { client, clock } = cluster;
    await client.create(migrationPolicies, {
      apiVersion: 'migrations.kubevirt.io/v1alpha1',
      kind: 'MigrationPolicy',
      metadata: { name: 'pressing' },
      spec: {
        selectors: { virtualMachineInstanceSelector: { app: 'web-never-converges' } },
        completionTimeoutPerGiB: 20,
        ...allowed,
      },
    });
    const vmi = await runningOn(cluster, movable('web-never-converges'));
    const { metadata } = await client.create(migrations, migrationOf(vmi.metadata.name));
    await untilPhase(cluster, metadata.name, 'Running');
    clock.skip(30_000);
    const done = await untilPhase(cluster, metadata.name, 'Succeeded');
    expect(done.status?.migrationState).toMatchObject({
      mode,
      completed: true,
      migrationConfiguration: { allowWorkloadDisruption: true },
    });
    const after = await untilVmi(client, vmi.metadata.name, 'Running');
    expect(after.status?.nodeName).not.toBe(vmi.status?.nodeName);
    expect(after.status?.conditions?.map(({ type }) => type)).not.toContain('Paused');
  },
);

test('without a node to go to it fails after five minutes', async () => {
  const cluster = await startCluster({ nodes: 1 });
  const { client, clock } = cluster;
  await runningOn(cluster, movable('web'));
  await client.create(migrations, migrationOf('web'));
  await untilPhase(cluster, 'move-web', 'Scheduling');
  const list = async () =>
    (await client.list(pods, { labelSelector: 'kubevirt.io/migrationJobUID' })).items[0];
  await expect
    .poll(async () => (await list())?.status?.conditions?.[0]?.message)
    .toBe("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.");
  clock.skip(301_000);
  const failed = await untilPhase(cluster, 'move-web', 'Failed');
  await expect
    .poll(async () => (await eventsOf(client, failed)).map(({ message }) => message))
    .toContain('Migration failed because target pod shutdown during migration');
});

test('more migrations than are allowed at a time wait for their turn', async () => {
  const runtime = new SimulatedRuntime({ startMs: 5, shutdownMs: 5, agentMs: 5, migrateMs: 50 });
  const cluster = await startCluster({ nodes: 2, runtime });
  const { client, clock } = cluster;
  await client.patch(
    kubeVirts,
    { namespace: 'kubevirt', name: 'kubevirt' },
    {
      type: 'merge',
      body: { spec: { configuration: { migrations: { parallelMigrationsPerCluster: 1 } } } },
    },
  );
  for (const name of ['a-never-converges', 'b']) {
    await runningOn(cluster, movable(name));
    await client.create(migrations, migrationOf(name));
    const phase = name === 'b' ? 'Pending' : 'Running';
    await untilPhase(cluster, `move-${name}`, phase);
  }
  clock.skip(6000);
  await client.delete(migrations, inDefault('move-a-never-converges'));
  await untilGone(client, migrations, inDefault('move-a-never-converges'));
  const { items } = await client.list(migrations, { namespace: 'default' });
  expect(items.map(({ status }) => status?.phase)).toEqual(['Pending']);
  clock.skip(6000);
  await untilPhase(cluster, 'move-b', 'Succeeded');
});

/** KubeVirt: handleMigrationBackoff of pkg/virt-controller/watch/migration/migration.go (d923fdb). */
test('an evacuation that failed is tried again 20 s later, then 40 s, which an event tells', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client, clock } = cluster;
  const name = 'web-fails-to-migrate';
  const change = (vm: Draft<VirtualMachine>) => {
    if (vm.spec.template.spec) vm.spec.template.spec.evictionStrategy = 'LiveMigrate';
  };
  const vmi = await runningOn(cluster, movable(name, { change }));
  const taints = [{ key: 'kubevirt.io/drain', effect: 'NoSchedule' }];
  const body = { spec: { taints } };
  await client.patch(nodes, { name: vmi.status?.nodeName ?? '' }, { type: 'merge', body });
  const tried = async () => {
    const { items } = await client.list(migrations, { namespace: 'default' });
    return items.filter(({ status }) => status?.phase === 'Failed').length;
  };
  await expect.poll(tried).toBe(1);
  await expect
    .poll(async () => (await eventsOf(client, vmi)).map(({ message }) => message))
    .toContain(`backoff migrating vmi default/${name}`);
  clock.skip(21_000);
  await expect.poll(tried).toBe(2);
  clock.skip(21_000);
  expect(await tried()).toBe(2);
  clock.skip(21_000);
  await expect.poll(tried).toBe(3);
});
