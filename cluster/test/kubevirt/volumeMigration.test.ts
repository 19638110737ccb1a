import { beforeAll, expect, test } from 'vitest';

import { dataVolumes } from '../../src/cdi/resources.ts';
import { persistentVolumeClaims } from '../../src/client/resources.ts';
import {
  type VirtualMachine,
  virtualMachineInstanceMigrations,
  virtualMachineInstances,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { quickGuests, startCluster, type TestCluster, vmAction } from './clusterFixture.ts';
import { blankDisk, dataVolume, diskVm, microDisk } from './manifests.ts';
import { bootPatienceMs, untilGone, untilVm, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const key = (name: string) => ({ namespace: 'default', name });
const condition = ({ status }: Pick<VirtualMachine, 'status'>, type: string) =>
  status?.conditions?.find((one) => one.type === type);

/** A blank disk on another storage class. */
const blankOn = (name: string, storageClassName: string, size: string) => ({
  metadata: { name },
  spec: {
    source: { blank: {} },
    storage: { storageClassName, resources: { requests: { storage: size } } },
  },
});

/** A VM that may move between nodes. */
const movableVm = (name: string, options: Parameters<typeof diskVm>[1] = {}) =>
  diskVm(name, {
    ...options,
    change(vm) {
      const { spec } = vm.spec.template;
      if (!spec) return;
      spec.networks = [{ name: 'default', pod: {} }];
      spec.domain.devices.interfaces = [{ name: 'default', masquerade: {}, model: 'virtio' }];
      options.change?.(vm);
    },
  });

/** Gives the VM's disk another DataVolume. */
function point(
  { client }: TestCluster,
  name: string,
  to: string,
  more: { strategy?: string; templates?: unknown[] } = {},
): Promise<VirtualMachine> {
  return client.patch(virtualMachines, key(name), {
    type: 'merge',
    body: {
      spec: {
        updateVolumesStrategy: more.strategy ?? 'Migration',
        dataVolumeTemplates: more.templates ?? [],
        template: { spec: { volumes: [{ name: 'root', dataVolume: { name: to } }] } },
      },
    },
  });
}

test(
  'the disk of a running guest moves to another storage class, and the guest does not notice',
  { timeout: 180_000 },
  async () => {
    const made = await startCluster({
      runtime: await QemuRuntime.create(),
      guestImages: microSources(),
      nodes: 2,
    });
    const { client, cluster, send } = made;
    const inGuest = async (line: string) => {
      const connected = ({ status }: { status?: { conditions?: { type: string }[] } }) =>
        status?.conditions?.some(({ type }) => type === 'AgentConnected') ?? false;
      const vmi = await untilVmi(client, 'web', connected, bootPatienceMs);
      const result = await cluster.guestOf(vmi)?.agent?.execute('/bin/sh', ['-c', line], 20_000);
      expect(result).toMatchObject({ exitCode: 0 });
      return (result?.output ?? '').trim();
    };
    const template = microDisk('web');
    await client.create(virtualMachines, movableVm('web', { template, memory: '256Mi' }));
    await inGuest('echo stays > /proof; sync');
    const bootId = await inGuest('cat /proc/sys/kernel/random/boot_id');
    const uptime = Number((await inGuest('cat /proc/uptime')).split(' ')[0]);

    // A larger one, on a class that waits for its first consumer.
    await point(made, 'web', 'moved', { templates: [blankOn('moved', 'hostpath-wait', '2Gi')] });
    const moving = await untilVmi(client, 'web', (vmi) => !!condition(vmi, 'VolumesChange'));
    expect(condition(moving, 'VolumesChange')).toMatchObject({
      status: 'True',
      message: 'migrate volumes',
    });
    expect(moving.status?.migratedVolumes).toMatchObject([
      {
        volumeName: 'root',
        sourcePVCInfo: { claimName: 'web', volumeMode: 'Filesystem' },
        destinationPVCInfo: { claimName: 'moved' },
      },
    ]);
    const seen = await untilVm(client, 'web', ({ status }) => !!status?.volumeUpdateState);
    expect(seen.status?.volumeUpdateState?.volumeMigrationState?.migratedVolumes).toHaveLength(1);
    const restart = await send('PUT', vmAction('web', 'restart'));
    expect(restart.code).toBe(409);
    expect(restart.text).toContain('VM recovery required');

    const moved = await untilVmi(
      client,
      'web',
      ({ status }) =>
        status?.migrationState?.completed === true && !!status.migrationState.endTimestamp,
      bootPatienceMs,
    );
    expect(moved.status?.migratedVolumes).toBeUndefined();
    expect(condition(moved, 'VolumesChange')).toBeUndefined();
    expect(moved.spec.volumes).toMatchObject([{ name: 'root', dataVolume: { name: 'moved' } }]);
    const { items } = await client.list(virtualMachineInstanceMigrations, { namespace: 'default' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual([
      expect.stringMatching(/^kubevirt-workload-update-/),
    ]);
    expect(await inGuest('cat /proc/sys/kernel/random/boot_id')).toBe(bootId);
    expect(Number((await inGuest('cat /proc/uptime')).split(' ')[0])).toBeGreaterThan(uptime);
    // It has the room of its new claim.
    expect(await inGuest('cat /sys/block/vda/size')).toBe(String((2 * 2 ** 30) / 512));
    const claim = await client.get(persistentVolumeClaims, key('moved'));
    expect(claim.spec.storageClassName).toBe('hostpath-wait');

    // Nothing leads to the old disk any more: what the guest reads, also after a boot, is on the new one.
    await client.delete(dataVolumes, key('web'));
    await untilGone(client, persistentVolumeClaims, key('web'));
    expect(await inGuest('echo 3 > /proc/sys/vm/drop_caches; cat /proof')).toBe('stays');
    await inGuest('echo later >> /proof; sync');
    expect(await send('PUT', vmAction('web', 'restart'))).toMatchObject({ code: 202 });
    await untilVmi(client, 'web', ({ metadata }) => metadata.uid !== moved.metadata.uid);
    expect(await inGuest('cat /proof')).toBe('stays\nlater');
    expect(await inGuest('cat /proc/sys/kernel/random/boot_id')).not.toBe(bootId);
    await untilVm(client, 'web', (vm) => !condition(vm, 'RestartRequired'));
    expect(await send('PUT', vmAction('web', 'stop'))).toMatchObject({ code: 202 });
    await untilVm(client, 'web', 'Stopped');
  },
);

/** A VM that runs, and a DataVolume to which its disk can move. */
async function running(name: string, options: Parameters<typeof diskVm>[1] = {}) {
  const made = await startCluster({ nodes: 2, runtime: quickGuests() });
  await made.client.create(
    dataVolumes,
    dataVolume('other', blankOn('', 'hostpath-wait', '64Mi').spec),
  );
  await made.client.create(virtualMachines, movableVm(name, options));
  await untilVmi(made.client, name, (vmi) => condition(vmi, 'LiveMigratable')?.status === 'True');
  return made;
}

test('without the strategy Migration a changed claim waits for a restart', async () => {
  const made = await running('web');
  await point(made, 'web', 'other', { strategy: 'Replacement' });
  const vm = await untilVm(made.client, 'web', (one) => !!condition(one, 'RestartRequired'));
  expect(condition(vm, 'RestartRequired')?.message).toBe(
    'the volumes replacement is effective only after restart',
  );
});

test('a shareable disk cannot be moved', async () => {
  const made = await running('web', {
    change({ spec }) {
      const [disk] = spec.template.spec?.domain.devices.disks ?? [];
      if (disk) disk.shareable = true;
    },
  });
  await point(made, 'web', 'other');
  const vm = await untilVm(made.client, 'web', (one) => !!condition(one, 'RestartRequired'));
  expect(condition(vm, 'RestartRequired')?.message).toBe(
    'invalid volumes to update with migration: shareable: [root]',
  );
});

test('a move that is under way can be taken back, and nothing else', async () => {
  const made = await running('web-never-converges');
  const { client } = made;
  const name = 'web-never-converges';
  await point(made, name, 'other');
  await untilVmi(client, name, ({ status }) => !!status?.migrationState?.startTimestamp);
  await client.create(dataVolumes, dataVolume('third', blankOn('', 'hostpath-wait', '64Mi').spec));
  await point(made, name, 'third');
  const refused = await untilVm(client, name, (vm) => !!condition(vm, 'Failure'));
  expect(condition(refused, 'Failure')?.message).toBe(
    'The volume can only be reverted to the previous version during the update',
  );
  await point(made, name, `${name}-root`, { templates: [blankDisk(`${name}-root`)] });
  const kept = await untilVmi(
    client,
    name,
    ({ status }) => status?.migrationState?.failed === true,
  );
  expect(kept.status?.migratedVolumes).toBeUndefined();
  expect(condition(kept, 'VolumesChange')).toMatchObject({
    status: 'False',
    reason: 'VolumesChangeCancellation',
  });
  expect(kept.spec.volumes).toMatchObject([{ dataVolume: { name: `${name}-root` } }]);
  await untilVm(client, name, ({ status }) => !status?.volumeUpdateState);
});

test('a VM whose guest ends while a volume moves must be given back its volume', async () => {
  const name = 'web-never-converges';
  const made = await running(name);
  const { client, send } = made;
  await point(made, name, 'other');
  await untilVm(client, name, ({ status }) => !!status?.volumeUpdateState);
  await untilVmi(client, name, ({ status }) => !!status?.migrationState?.startTimestamp);
  await client.delete(virtualMachineInstances, key(name));
  const lost = await untilVm(client, name, (vm) => !!condition(vm, 'ManualRecoveryRequired'));
  expect(condition(lost, 'ManualRecoveryRequired')?.reason).toBe(
    'VMI was removed or was final during the volume migration',
  );
  await untilGone(client, virtualMachineInstances, key(name));
  await client.patch(virtualMachines, key(name), {
    type: 'merge',
    body: { spec: { runStrategy: 'Halted' } },
  });
  expect((await send('PUT', vmAction(name, 'start'))).code).toBe(409);
  await point(made, name, `${name}-root`, { templates: [blankDisk(`${name}-root`)] });
  await untilVm(client, name, (vm) => !condition(vm, 'ManualRecoveryRequired'));
  expect((await send('PUT', vmAction(name, 'start'))).code).toBe(202);
  await untilVmi(client, name, 'Running');
});
