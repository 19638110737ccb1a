import { expect, test } from 'vitest';

import { pods } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import type { Guest } from '../../src/kubevirt/virt-launcher/GuestRuntime.ts';
import { quickGuests, startCluster, vmAction } from './clusterFixture.ts';
import {
  inDefault,
  migrationOf,
  migrations,
  movable,
  runningOn,
  untilPhase,
} from './migrations.ts';
import { eventsOf, record, until, untilGone, untilVm, untilVmi } from './watching.ts';

test('a migration goes through its phases and the VMI tells where it is', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  const before = await runningOn(cluster, movable('web'));
  const phases = await record(client, migrations, 'move-web', ({ status }) => status?.phase);
  const statuses = await record(client, virtualMachines, 'web', (vm) => vm.status?.printableStatus);
  await client.create(migrations, migrationOf('web'));
  const migration = await untilPhase(cluster, 'move-web', 'Succeeded');
  expect(phases).toEqual([
    ...['Pending', 'Scheduling', 'Scheduled', 'PreparingTarget', 'TargetReady', 'Running'],
    'Succeeded',
  ]);
  await untilVm(client, 'web', 'Running');
  expect(statuses).toContain('Migrating');
  const after = await untilVmi(client, 'web', 'Running');
  const from = before.status?.nodeName;
  const to = after.status?.nodeName;
  expect([from, to].sort()).toEqual(['node-1', 'node-2']);
  expect(after.metadata.labels).toMatchObject({ 'kubevirt.io/nodeName': to });
  expect(after.metadata.uid).toBe(before.metadata.uid);
  expect(after.status?.migrationState).toMatchObject({
    migrationUid: migration.metadata.uid,
    sourceNode: from,
    targetNode: to,
    completed: true,
    mode: 'PreCopy',
    targetNodeDomainDetected: true,
    migrationConfiguration: { completionTimeoutPerGiB: 150, parallelMigrationsPerCluster: 5 },
  });
  expect(migration.status?.migrationState).toEqual(after.status?.migrationState);
  expect(after.status).toMatchObject({
    migrationMethod: 'LiveMigration',
    migrationTransport: 'Unix',
  });
});

test('the source pod completes, the target pod bears the names of its migration', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  const { metadata, status } = await runningOn(cluster, movable('web'));
  const source = Object.keys(status?.activePods ?? {});
  const migration = await client.create(migrations, migrationOf('web'));
  await untilPhase(cluster, 'move-web', 'Succeeded');
  const launchers = async () =>
    (await client.list(pods, { labelSelector: `kubevirt.io/created-by=${metadata.uid}` })).items;
  const old = (await launchers()).find(({ metadata: { uid } }) => source.includes(uid));
  await until(
    client,
    pods,
    inDefault(old?.metadata.name ?? ''),
    (pod) => pod.status?.phase === 'Succeeded',
  );
  const target = (await launchers()).find(({ metadata: { uid } }) => !source.includes(uid));
  expect(target?.metadata).toMatchObject({
    labels: {
      'kubevirt.io': 'virt-launcher',
      'kubevirt.io/migrationJobUID': migration.metadata.uid,
    },
    annotations: { 'kubevirt.io/migrationJobName': 'move-web' },
  });
  const vmi = await untilVmi(
    client,
    'web',
    ({ status: now }) =>
      Object.keys(now?.activePods ?? {}).length === 1 && !now?.activePods?.[source[0] ?? ''],
  );
  expect(vmi.status?.interfaces?.[0]?.ipAddress).toBe(target?.status?.podIP);
  await cluster.send('PUT', vmAction('web', 'stop'));
  await untilVm(client, 'web', 'Stopped');
  await expect.poll(launchers).toEqual([]);
});

test('vm/migrate makes a migration, which events accompany', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client, send } = cluster;
  const vmi = await runningOn(cluster, movable('web'));
  expect(await send('PUT', vmAction('web', 'migrate'))).toMatchObject({ code: 202, text: '' });
  const { items } = await client.list(migrations, { namespace: 'default' });
  const name = items[0]?.metadata.name ?? '';
  expect(name).toMatch(/^kubevirt-migrate-vm-/);
  expect(items[0]?.metadata.labels).toMatchObject({ 'kubevirt.io/vmi-name': 'web' });
  const migration = await untilPhase(cluster, name, 'Succeeded');
  await expect
    .poll(async () => (await eventsOf(client, vmi)).map(({ reason }) => reason))
    .toEqual(expect.arrayContaining(['PreparingTarget', 'Migrating', 'Migrated']));
  await expect
    .poll(async () => (await eventsOf(client, migration)).map(({ reason }) => reason))
    .toEqual(['SuccessfulCreate', 'SuccessfulHandOver', 'SuccessfulMigration']);
  await client.delete(migrations, inDefault(name));
  await untilGone(client, migrations, inDefault(name));
});

test('an added node selector narrows the choice of the target', async () => {
  const cluster = await startCluster({ nodes: 3 });
  const { client, send } = cluster;
  const vmi = await runningOn(cluster, movable('web'));
  const others = ['node-1', 'node-2', 'node-3'].filter((name) => name !== vmi.status?.nodeName);
  const body = { addedNodeSelector: { 'kubernetes.io/hostname': others[1] } };
  expect(await send('PUT', vmAction('web', 'migrate'), { body })).toMatchObject({ code: 202 });
  const moved = await untilVmi(
    client,
    'web',
    ({ status }) => status?.migrationState?.endTimestamp !== undefined,
  );
  expect(moved.status?.nodeName).toBe(others[1]);
});

test('a guest goes back to a node that hears only now of the end of what it left there', async () => {
  const cluster = await startCluster({ nodes: 2, runtime: tellingEndsLate() });
  const { client } = cluster;
  const vmi = await runningOn(cluster, movable('web'));
  for (const name of ['away', 'back']) {
    await client.create(migrations, { ...migrationOf('web'), metadata: inDefault(name) });
    const isOver = ['Succeeded', 'Failed'];
    const { status } = await until(client, migrations, inDefault(name), (migration) =>
      isOver.includes(migration.status?.phase ?? ''),
    );
    expect(status).toMatchObject({ phase: 'Succeeded' });
  }
  const after = await untilVmi(client, 'web', 'Running');
  expect(after.status?.nodeName).toBe(vmi.status?.nodeName);
  expect(cluster.cluster.guestOf(after)?.state).toBe('running');
});

test('a paused guest arrives paused', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client, send } = cluster;
  const vmi = await runningOn(cluster, movable('web'));
  const base = '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/web';
  await send('PUT', `${base}/pause`);
  await untilVm(client, 'web', 'Paused');
  await client.create(migrations, migrationOf('web'));
  await untilPhase(cluster, 'move-web', 'Succeeded');
  const after = await untilVmi(
    client,
    'web',
    ({ status }) => status?.nodeName !== vmi.status?.nodeName,
  );
  expect(cluster.cluster.guestOf(after)?.state).toBe('paused');
  await untilVm(client, 'web', 'Paused');
});

/** Guests whose end is told when the next guest arrives, as a process may take its time to be gone. */
function tellingEndsLate() {
  const runtime = quickGuests();
  const ends: (() => void)[] = [];
  const late = (guest: Guest): Guest => {
    const subscribe = guest.subscribe.bind(guest);
    guest.subscribe = (listener) =>
      subscribe((event) => {
        if (event.type === 'ended') ends.push(() => listener(event));
        else listener(event);
      });
    return guest;
  };
  const launch = runtime.launch.bind(runtime);
  runtime.launch = async (...given) => late(await launch(...given));
  const receive = runtime.receive.bind(runtime);
  runtime.receive = async (...given) => {
    const guest = late(await receive(...given));
    for (const tell of ends.splice(0)) tell();
    return guest;
  };
  return runtime;
}
