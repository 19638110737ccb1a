import { access } from 'node:fs/promises';

import { expect, test } from 'vitest';

import type { Draft } from '../../src/client/KubeClient.ts';
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
} from '../../src/client/resources.ts';
import { provisioner } from '../../src/hostpath-provisioner/HostpathProvisioner.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { startCluster } from './clusterFixture.ts';
import { eventsOf, until } from './watching.ts';

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
