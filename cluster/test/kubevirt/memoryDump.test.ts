import { expect, test } from 'vitest';

import type { KubeClient } from '../../src/client/KubeClient.ts';
import { type PersistentVolumeClaim, persistentVolumeClaims } from '../../src/client/resources.ts';
import { virtualMachineInstances, virtualMachines } from '../../src/kubevirt/resources.ts';
import { vmExports } from '../../src/kubevirt/virt-controller/export/resources.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { diskVm } from './manifests.ts';
import { accepted, vmConflict, vmiConflict } from './virtApi.ts';
import { record, until, untilVm } from './watching.ts';

const key = (name: string) => ({ namespace: 'default', name });

const createClaim = (
  client: KubeClient,
  name: string,
  storage: string,
  more: Partial<PersistentVolumeClaim['spec']> = {},
) =>
  client.create(persistentVolumeClaims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'hostpath-local',
      resources: { requests: { storage } },
      ...more,
    },
  });

test('the memory of a running guest is written to a claim, which stays until it is let go', async () => {
  const { client, send } = await startCluster();
  const dump = (claimName: string) =>
    send('PUT', vmAction('web', 'memorydump'), { body: { claimName } });
  const detach = () => send('PUT', vmAction('web', 'removememorydump'));
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted', memory: '64Mi' }));
  await createClaim(client, 'dump', '1Gi');
  await createClaim(client, 'small', '100Mi');
  await createClaim(client, 'block', '1Gi', { volumeMode: 'Block' });
  await untilVm(client, 'web', 'Stopped');
  expect(await dump('dump')).toMatchObject(vmiConflict('web', 'VMI is not running'));
  expect(await detach()).toMatchObject(
    vmConflict('web', "can't remove memory dump association for vm web, no association found"),
  );
  await send('PUT', vmAction('web', 'start'));
  await untilVm(client, 'web', 'Running');
  expect(await dump('block')).toMatchObject(vmConflict('web', 'pvc should be filesystem pvc'));
  expect(await dump('small')).toMatchObject(
    vmConflict('web', 'pvc size [100Mi] should be bigger then [164Mi]'),
  );
  expect((await dump('other')).code).toBe(404);

  const phases = await record(
    client,
    virtualMachines,
    'web',
    ({ status }) => status?.memoryDumpRequest?.phase,
  );
  expect(await dump('dump')).toMatchObject(accepted);
  const { status, spec } = await untilVm(
    client,
    'web',
    (vm) => vm.status?.memoryDumpRequest?.phase === 'Completed',
  );
  const { fileName = '' } = status?.memoryDumpRequest ?? {};
  expect(fileName).toMatch(/^web-dump-\d{8}-\d{6}\.memory\.dump$/);
  expect(phases).toEqual(['Associating', 'InProgress', 'Unmounting', 'Completed']);
  expect(spec.template.spec?.volumes?.at(-1)?.memoryDump?.claimName).toBe('dump');
  const claim = await client.get(persistentVolumeClaims, key('dump'));
  expect(claim.metadata.annotations?.['kubevirt.io/memory-dump']).toBe(fileName);
  const vmi = await client.get(virtualMachineInstances, key('web'));
  expect(vmi.spec.volumes?.map(({ name }) => name)).toEqual(['root']);
  expect(status?.conditions?.some(({ type }) => type === 'RestartRequired')).toBe(false);

  expect(await dump('small')).toMatchObject(
    vmConflict(
      'web',
      "can't request memory dump for pvc [small] while pvc [dump] is still associated as the memory dump pvc",
    ),
  );
  expect(await detach()).toMatchObject(accepted);
  const free = await untilVm(client, 'web', (vm) => !vm.status?.memoryDumpRequest);
  expect(free.spec.template.spec?.volumes?.map(({ name }) => name)).toEqual(['root']);

  // The claim has files, no disk.
  await client.create(vmExports, {
    apiVersion: 'export.kubevirt.io/v1',
    kind: 'VirtualMachineExport',
    metadata: { name: 'dump', namespace: 'default' },
    spec: { source: { apiGroup: '', kind: 'PersistentVolumeClaim', name: 'dump' } },
  });
  const ready = await until(client, vmExports, key('dump'), (one) => one.status?.phase === 'Ready');
  const formats = ready.status?.links?.external?.volumes?.[0]?.formats?.map(({ format }) => format);
  expect(formats).toEqual(['dir', 'tar.gz']);
});
