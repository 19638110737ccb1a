import { expect, test } from 'vitest';

import { dataVolumes } from '../../src/cdi/resources.ts';
import { pods } from '../../src/client/resources.ts';
import {
  type VirtualMachineInstance,
  virtualMachineInstanceMigrations,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { startCluster, type TestCluster, vmAction, vmiAction } from './clusterFixture.ts';
import { dataVolume } from './manifests.ts';
import { movable, runningOn } from './migrations.ts';
import { eventsOf, untilVm, untilVmi } from './watching.ts';

const web = { namespace: 'default', name: 'web' };
const blank = (name: string) =>
  dataVolume(name, {
    source: { blank: {} },
    storage: { resources: { requests: { storage: '64Mi' } } },
  });
const options = (name: string) => ({
  name,
  disk: { disk: { bus: 'scsi' } },
  volumeSource: { dataVolume: { name } },
});

async function withDisk() {
  const cluster = await startCluster();
  const vmi = await runningOn(cluster, movable('web'));
  await cluster.client.create(dataVolumes, blank('extra'));
  return { ...cluster, vmi };
}

const volume = ({ status }: VirtualMachineInstance, name: string) =>
  status?.volumeStatus?.find((one) => one.name === name);

const untilVolume = ({ client }: TestCluster, name: string, phase: string | undefined) =>
  untilVmi(client, 'web', (vmi) => volume(vmi, name)?.phase === phase);

test('addvolume brings a disk into the guest, removevolume takes it out', async () => {
  const cluster = await withDisk();
  const { client, send } = cluster;
  expect(await send('PUT', vmAction('web', 'addvolume'), { body: options('extra') })).toMatchObject(
    { code: 202, text: '' },
  );
  const vmi = await untilVolume(cluster, 'extra', 'Ready');
  expect(volume(vmi, 'extra')).toMatchObject({
    target: 'sda',
    hotplugVolume: { attachPodName: expect.stringMatching(/^hp-volume-/) as string },
    persistentVolumeClaimInfo: { claimName: 'extra', accessModes: ['ReadWriteMany'] },
  });
  expect(cluster.cluster.guestOf(vmi)?.spec.disks.map(({ name }) => name)).toEqual(['extra']);
  const vm = await client.get(virtualMachines, web);
  expect(vm.spec.template.spec?.volumes).toEqual([
    { name: 'extra', dataVolume: { name: 'extra', hotpluggable: true } },
  ]);
  expect(vm.status?.conditions?.map(({ type }) => type)).not.toContain('RestartRequired');

  const body = { name: 'extra' };
  expect(await send('PUT', vmAction('web', 'removevolume'), { body })).toMatchObject({ code: 202 });
  const after = await untilVolume(cluster, 'extra', undefined);
  expect(cluster.cluster.guestOf(after)?.spec.disks).toEqual([]);
  const attachments = async () =>
    (await client.list(pods, { labelSelector: 'kubevirt.io=hotplug-disk' })).items;
  await expect.poll(attachments).toEqual([]);
  const reasons = async () => (await eventsOf(client, after)).map(({ reason }) => reason);
  await expect
    .poll(reasons)
    .toEqual(
      expect.arrayContaining([
        ...['VolumeMountedToPod', 'VolumeReady', 'VolumeUnMountedFromPod', 'VolumeUnplugged'],
      ]),
    );
});

test('wrong requests are refused in the words of KubeVirt', async () => {
  const cluster = await withDisk();
  const send = async (action: string, body: object, path = vmAction) => {
    const { code, body: answer } = await cluster.send('PUT', path('web', action), { body });
    return [code, answer['message']];
  };
  const conflict = (why: string) => [
    409,
    `Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": ${why}`,
  ];
  expect(await send('addvolume', { ...options('extra'), name: '' })).toEqual([
    400,
    'AddVolumeOptions requires name to be set',
  ]);
  expect(await send('removevolume', { name: 'absent' })).toEqual(
    conflict('Unable to remove volume [absent] because it does not exist'),
  );
  await send('addvolume', options('extra'));
  expect(await send('addvolume', options('extra'))).toEqual(
    conflict('Unable to add volume [extra] because volume with that name already exists'),
  );
  expect(
    await send('addvolume', {
      ...options('other'),
      volumeSource: { dataVolume: { name: 'extra' } },
    }),
  ).toEqual(conflict('Unable to add volume source [extra] because it already exists'));
  expect(await send('addvolume', options('more'), vmiAction)).toEqual([
    400,
    'VMI default/web is owned by a VM',
  ]);
});

test('a medium is put into an empty drive, and taken out', async () => {
  const cluster = await startCluster();
  const { client } = cluster;
  const vm = movable('web');
  const { spec } = vm.spec.template;
  if (spec) spec.domain.devices.disks = [{ name: 'cd', cdrom: { bus: 'sata' } }];
  await runningOn(cluster, vm);
  await client.create(dataVolumes, blank('iso'));
  const put = (volumes: object[]) =>
    client.patch(virtualMachines, web, {
      type: 'merge',
      body: { spec: { template: { spec: { volumes } } } },
    });
  await put([{ name: 'cd', dataVolume: { name: 'iso', hotpluggable: true } }]);
  const inserted = await untilVolume(cluster, 'cd', 'Ready');
  const drive = () => cluster.cluster.guestOf(inserted)?.spec.disks[0];
  expect(drive()?.file).toBeDefined();
  await put([]);
  await untilVolume(cluster, 'cd', undefined);
  expect(drive()).toMatchObject({ name: 'cd', device: 'cdrom' });
  expect(drive()?.file).toBeUndefined();
});

test('more sockets and memory come by a migration into a larger pod', async () => {
  const cluster = await startCluster({ nodes: 2 });
  const { client } = cluster;
  const vmi = await runningOn(cluster, movable('web', { memory: '1Gi' }));
  await client.patch(virtualMachines, web, {
    type: 'merge',
    body: {
      spec: { template: { spec: { domain: { cpu: { sockets: 2 }, memory: { guest: '2Gi' } } } } },
    },
  });
  const grown = await untilVmi(
    client,
    'web',
    ({ status }) =>
      status?.currentCPUTopology?.sockets === 2 && status.memory?.guestCurrent === '2Gi',
  );
  expect(grown.status?.nodeName).not.toBe(vmi.status?.nodeName);
  expect(grown.status?.memory).toMatchObject({ guestAtBoot: '1Gi', guestRequested: '2Gi' });
  const types = grown.status?.conditions?.map(({ type }) => type);
  expect(types).not.toContain('HotVCPUChange');
  expect(types).not.toContain('HotMemoryChange');
  const { items } = await client.list(virtualMachineInstanceMigrations);
  expect(items.map(({ metadata }) => metadata.name)).toEqual([
    expect.stringMatching(/^kubevirt-workload-update-/),
  ]);
  await untilVm(client, 'web', ({ status }) =>
    Boolean(status?.conditions?.every(({ type }) => type !== 'RestartRequired')),
  );
});
