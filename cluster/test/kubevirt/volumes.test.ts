import { access, statfs } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Draft } from '../../src/client/KubeClient.ts';
import { readQcow2Header } from '../../src/cdi/importer/readQcow2Header.ts';
import { cdiConfigs, cdis } from '../../src/cdi/resources.ts';
import {
  csiDrivers,
  csiStorageCapacities,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
} from '../../src/client/resources.ts';
import { provisioner } from '../../src/hostpath-provisioner/HostpathProvisioner.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { parseQuantity } from '../../src/quantity.ts';
import { startCluster } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { eventsOf, until, untilVmi } from './watching.ts';

const key = (name: string) => ({ namespace: 'default', name });

const claim = (
  name: string,
  storage: string,
  storageClassName = 'hostpath-local',
): Draft<PersistentVolumeClaim> => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage } },
    storageClassName,
  },
});
const isBound = ({ status }: PersistentVolumeClaim) => status?.phase === 'Bound';

test('a claim larger than the disk stays Pending; a retained volume outlives its claim', async () => {
  const { client } = await startCluster({ runtime: await QemuRuntime.create() });
  const huge = await client.create(persistentVolumeClaims, claim('huge', '100Pi'));
  await expect
    .poll(async () => (await eventsOf(client, huge)).map(({ message }) => message))
    .toContainEqual(expect.stringContaining('not enough capacity'));
  expect((await client.get(persistentVolumeClaims, key('huge'))).status?.phase).toBe('Pending');

  await client.create(storageClasses, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'kept' },
    provisioner,
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'Immediate',
  });
  await client.create(persistentVolumeClaims, claim('kept', '64Mi', 'kept'));
  const bound = await until(client, persistentVolumeClaims, key('kept'), isBound);
  const volume = { name: bound.spec.volumeName ?? '' };
  await client.delete(persistentVolumeClaims, key('kept'));
  const released = await until(client, persistentVolumes, volume, ({ status }) => {
    return status?.phase === 'Released';
  });
  await access(released.spec.hostPath?.path ?? '');
});

test('what is free is told for each class and node, and no more for a class that is gone', async () => {
  const { client, dataDir } = await startCluster({ runtime: await QemuRuntime.create(), nodes: 2 });
  const driver = await client.get(csiDrivers, { name: provisioner });
  expect(driver.spec.storageCapacity).toBe(true);
  const told = async () => {
    const { items } = await client.list(csiStorageCapacities);
    return items.map(
      ({ storageClassName, nodeTopology }) =>
        `${storageClassName} ${Object.values(nodeTopology?.matchLabels ?? {}).join()}`,
    );
  };
  const all = ['hostpath-local', 'hostpath-virtualization', 'hostpath-wait'].flatMap((name) => [
    `${name} node-1`,
    `${name} node-2`,
  ]);
  await expect.poll(async () => (await told()).sort(), { timeout: 30_000 }).toEqual(all);
  const [first] = (await client.list(csiStorageCapacities)).items;
  const { bavail, bsize } = await statfs(dataDir);
  // Others write to the same file system meanwhile.
  const free = parseQuantity(first?.capacity ?? '') ?? 0;
  expect(Math.abs(free / (bavail * bsize) - 1)).toBeLessThan(0.2);
  await client.delete(storageClasses, { name: 'hostpath-wait' });
  await expect.poll(told, { timeout: 30_000 }).toHaveLength(4);
});

test('a guest on an empty claim gets a disk as large as the claim, but for what its file system takes', async () => {
  const { client, dataDir } = await startCluster({ runtime: await QemuRuntime.create() });
  await client.patch(
    cdis,
    { name: 'cdi' },
    {
      type: 'merge',
      body: { spec: { config: { filesystemOverhead: { global: '0.5' } } } },
    },
  );
  await until(client, cdiConfigs, { name: 'config' }, ({ status }) => {
    return status?.filesystemOverhead?.global === '0.5';
  });
  await client.create(persistentVolumeClaims, claim('files', '64Mi'));
  const device = claim('device', '64Mi');
  await client.create(persistentVolumeClaims, {
    ...device,
    spec: { ...device.spec, volumeMode: 'Block' },
  });
  const vm = plainVm('web', {
    memory: '64Mi',
    change({ spec: { template } }) {
      if (!template.spec) return;
      template.spec.terminationGracePeriodSeconds = 0;
      template.spec.volumes = ['files', 'device'].map((claimName) => ({
        name: claimName,
        persistentVolumeClaim: { claimName },
      }));
      template.spec.domain.devices.disks = [
        { name: 'files', disk: {} },
        { name: 'device', disk: {} },
      ];
    },
  });
  await client.create(virtualMachines, vm);
  const { status } = await untilVmi(client, 'web', 'Running');
  const overheads = status?.volumeStatus?.map((one) => [
    one.name,
    one.persistentVolumeClaimInfo?.filesystemOverhead,
  ]);
  expect(overheads).toEqual([
    ['files', '0.5'],
    ['device', undefined],
  ]);
  const sizeOf = async (name: string) => {
    const { spec } = await client.get(persistentVolumeClaims, key(name));
    const disk = join(dataDir, 'volumes', spec.volumeName ?? '', 'disk.qcow2');
    return (await readQcow2Header(disk))?.virtualBytes;
  };
  expect(await sizeOf('files')).toBe(32 * 2 ** 20);
  expect(await sizeOf('device')).toBe(64 * 2 ** 20);
});
