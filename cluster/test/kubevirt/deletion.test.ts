import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { dataVolumes } from '../../src/cdi/resources.ts';
import type { ResourceRef } from '../../src/client/KubeClient.ts';
import {
  configMaps,
  leases,
  namespaces,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  resourceQuotas,
} from '../../src/client/resources.ts';
import { virtualMachineInstances, virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { diskVm, plainVm } from './manifests.ts';
import { find, record, untilGone, untilVm, untilVmi } from './watching.ts';

const key = (name: string) => ({ namespace: 'default', name });

/** kubevirt/ssp-operator, internal/operands/vm-delete-protection. */
test('a protected VM is deleted by nobody until it is protected no more', async () => {
  const { client, send } = await startCluster();
  const vm = plainVm('web', { runStrategy: 'Halted' });
  await client.create(virtualMachines, vm);
  const label = (value: string | null) =>
    client.patch(virtualMachines, key('web'), {
      type: 'merge',
      body: { metadata: { labels: { 'kubevirt.io/vm-delete-protection': value } } },
    });
  await label('True');
  const url = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines/web';
  for (const query of ['', '?dryRun=All']) {
    expect(await send('DELETE', `${url}${query}`)).toMatchObject({
      code: 422,
      body: {
        reason: 'Invalid',
        message: expect.stringContaining(
          "VirtualMachine web cannot be deleted, disable/remove label 'kubevirt.io/vm-delete-protection'",
        ) as string,
      },
    });
  }
  await label('False');
  expect((await send('DELETE', url)).code).toBe(200);
});

test('a deleted VM takes its instance, pod, disks and their folders with it', async () => {
  const { client, cluster, dataDir } = await startCluster();
  await client.create(virtualMachines, diskVm('web'));
  const vmi = await untilVmi(client, 'web', 'Running');
  await untilVm(client, 'web', 'Running');
  const claim = await client.get(persistentVolumeClaims, key('web-root'));
  const volume = { name: claim.spec.volumeName ?? '' };
  expect(await readdir(join(dataDir, 'volumes'))).toEqual([volume.name]);
  const statuses = await record(client, virtualMachines, 'web', (vm) => vm.status?.printableStatus);

  await client.delete(virtualMachines, key('web'));
  await untilGone(client, virtualMachines, key('web'));
  await untilGone(client, virtualMachineInstances, key('web'));
  await untilGone(client, dataVolumes, key('web-root'));
  await untilGone(client, persistentVolumeClaims, key('web-root'));
  await untilGone(client, persistentVolumes, volume);
  expect((await client.list(pods, { namespace: 'default' })).items).toEqual([]);
  expect(statuses).toEqual(['Running', 'Terminating', 'deleted']);
  expect(await readdir(join(dataDir, 'volumes'))).toEqual([]);
  const guests = join(dataDir, 'nodes', 'node-1', 'guests');
  await expect.poll(() => readdir(guests)).not.toContain(vmi.metadata.uid);
  expect(cluster.running()).toBe(0);
});

test('a VM deleted with orphans leaves its disks', async () => {
  const { client, dataDir } = await startCluster();
  await client.create(virtualMachines, diskVm('web'));
  await untilVm(client, 'web', 'Running');
  await client.delete(virtualMachines, key('web'), { propagationPolicy: 'Orphan' });
  await untilGone(client, virtualMachines, key('web'));
  const volume = await client.get(dataVolumes, key('web-root'));
  expect(volume.metadata.ownerReferences ?? []).toEqual([]);
  expect(await readdir(join(dataDir, 'volumes'))).toHaveLength(1);
});

test('a VM deleted in the foreground goes after all that it owns', async () => {
  const { client } = await startCluster();
  await client.create(virtualMachines, diskVm('web'));
  await untilVm(client, 'web', 'Running');
  await client.delete(virtualMachines, key('web'), { propagationPolicy: 'Foreground' });
  await untilGone(client, virtualMachines, key('web'));
  expect(await find(client, dataVolumes, 'web-root')).toBeUndefined();
  expect(await find(client, virtualMachineInstances, 'web')).toBeUndefined();
});

test('a deleted instance of an Always VM is replaced', async () => {
  const { client } = await startCluster();
  await client.create(virtualMachines, diskVm('web'));
  const before = await untilVmi(client, 'web', 'Running');
  await client.delete(virtualMachineInstances, key('web'));
  await untilVmi(
    client,
    'web',
    ({ metadata, status }) => metadata.uid !== before.metadata.uid && status?.phase === 'Running',
  );
});

test.each([undefined, 0])(
  'a pod deleted with grace %s ends its guest; the VM comes back',
  async (grace) => {
    const { client, cluster } = await startCluster();
    await client.create(virtualMachines, diskVm('web'));
    const before = await untilVmi(client, 'web', 'Running');
    const { items } = await client.list(pods, { namespace: 'default' });
    const pod = items[0];
    if (!pod) throw new Error('there is no launcher pod');
    const options = grace === undefined ? {} : { gracePeriodSeconds: grace };
    await client.delete(pods, pod.metadata, options);
    await untilGone(client, pods, pod.metadata);
    await untilVmi(
      client,
      'web',
      ({ metadata, status }) => metadata.uid !== before.metadata.uid && status?.phase === 'Running',
    );
    expect(cluster.running()).toBe(1);
  },
);

test('a deleted namespace is emptied, also of what no controller knows, and ends', async () => {
  const { client, send } = await startCluster();
  await client.create(namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team' },
  });
  const inTeam = (name: string) => ({ metadata: { namespace: 'team', name } });
  const vm = diskVm('web');
  await client.create(virtualMachines, { ...vm, ...inTeam('web') });
  await client.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...inTeam('map'),
    data: {},
  });
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...inTeam('lease') };
  await client.create(leases, { ...lease, spec: {} });
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', ...inTeam('quota') };
  await client.create(resourceQuotas, { ...quota, spec: {} });

  expect(await send('DELETE', '/api/v1/namespaces/team')).toMatchObject({
    code: 200,
    body: { status: { phase: 'Terminating' } },
  });
  const late = { apiVersion: 'v1', kind: 'ConfigMap', ...inTeam('late'), data: {} };
  expect((await send('POST', '/api/v1/namespaces/team/configmaps', { body: late })).code).toBe(403);
  await untilGone(client, namespaces, { name: 'team' });
  const left = [virtualMachines, virtualMachineInstances, pods, configMaps, leases, resourceQuotas];
  for (const resource of left as ResourceRef[]) {
    const { items } = await client.list(resource, { namespace: 'team' });
    expect(items, resource.plural).toEqual([]);
  }
});
