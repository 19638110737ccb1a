import { expect, test } from 'vitest';

import { dataVolumes } from '../../src/cdi/resources.ts';
import { persistentVolumeClaims, persistentVolumes, pods } from '../../src/client/resources.ts';
import type { Draft } from '../../src/client/KubeClient.ts';
import {
  type VirtualMachine,
  virtualMachineInstances,
  virtualMachines,
} from '../../src/kubevirt/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { diskVm } from './manifests.ts';
import { eventsOf, find, record, untilVm, untilVmi } from './watching.ts';

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

const owner = (kind: string, { name, uid }: { name: string; uid: string }): unknown => [
  expect.objectContaining({ kind, name, uid, controller: true, blockOwnerDeletion: true }),
];

test('a VM gets its disk, its instance and its pod, and runs', async () => {
  const { client } = await startCluster();
  const statuses = await record(client, virtualMachines, 'web', (vm) => vm.status?.printableStatus);
  const phases = await record(client, virtualMachineInstances, 'web', (vmi) => vmi.status?.phase);
  const created = await client.create(virtualMachines, diskVm('web'));
  const vm = await untilVm(
    client,
    'web',
    ({ status }) => status?.printableStatus === 'Running' && status.ready === true,
  );
  const vmi = await untilVmi(client, 'web', 'Running');

  expect(statuses).toEqual(['Provisioning', 'Starting', 'Running']);
  expect(phases).toEqual(['Pending', 'Scheduling', 'Scheduled', 'Running']);
  expect(vm.metadata.uid).toBe(created.metadata.uid);
  expect(vm.metadata.finalizers).toEqual(['kubevirt.io/virtualMachineControllerFinalize']);
  expect(vm.status).toMatchObject({ created: true, ready: true, runStrategy: 'Always' });
  expect(vm.status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Ready', status: 'True' }),
  );

  const volume = await find(client, dataVolumes, 'web-root');
  expect(volume?.status).toMatchObject({ phase: 'Succeeded', progress: '100.0%' });
  expect(volume?.metadata.ownerReferences).toEqual(owner('VirtualMachine', vm.metadata));
  const claim = await find(client, persistentVolumeClaims, 'web-root');
  expect(claim?.metadata.ownerReferences).toEqual(
    owner('DataVolume', { name: 'web-root', uid: volume?.metadata.uid ?? '' }),
  );
  const pv = await client.get(persistentVolumes, { name: claim?.spec.volumeName ?? '' });
  expect(pv.metadata.name).toBe(`pvc-${claim?.metadata.uid ?? ''}`);
  expect(pv).toMatchObject({
    status: { phase: 'Bound' },
    spec: { claimRef: { name: 'web-root', uid: claim?.metadata.uid } },
  });

  expect(vmi.metadata.ownerReferences).toEqual(owner('VirtualMachine', vm.metadata));
  expect(vmi.metadata.finalizers).toEqual(['kubevirt.io/foregroundDeleteVirtualMachine']);
  expect(vmi.metadata.labels).toMatchObject({ app: 'web', 'kubevirt.io/nodeName': 'node-1' });
  expect(vmi.metadata.annotations).toMatchObject({ 'kubevirt.io/vm-generation': '1' });
  expect(vmi.status).toMatchObject({ nodeName: 'node-1' });
  expect(vmi.status?.interfaces?.[0]?.ipAddress).toMatch(/^127\.64\./);

  const { items } = await client.list(pods, { namespace: 'default' });
  expect(items).toHaveLength(1);
  const pod = items[0];
  expect(pod?.metadata.name).toMatch(/^virt-launcher-web-[a-z0-9]{5}$/);
  expect(pod?.metadata.labels).toMatchObject({
    app: 'web',
    'kubevirt.io': 'virt-launcher',
    'kubevirt.io/created-by': vmi.metadata.uid,
    'kubevirt.io/nodeName': 'node-1',
    'vm.kubevirt.io/name': 'web',
  });
  expect(pod?.metadata.annotations).toMatchObject({ 'kubevirt.io/domain': 'web' });
  expect(pod?.metadata.ownerReferences).toEqual(owner('VirtualMachineInstance', vmi.metadata));
  expect(pod?.spec.containers.map(({ name }) => name)).toContain('compute');
  expect(Object.keys(vmi.status?.activePods ?? {})).toEqual([pod?.metadata.uid]);
});

test('the events tell what was done, with the words of KubeVirt and CDI', async () => {
  const { client } = await startCluster();
  await client.create(virtualMachines, diskVm('web'));
  const vm = await untilVm(client, 'web', 'Running');
  const vmi = await untilVmi(client, 'web', 'Running');
  const said = async (object: typeof vm | typeof vmi) =>
    (await eventsOf(client, object)).map(({ type, reason, message }) => [type, reason, message]);
  await expect
    .poll(() => said(vm))
    .toEqual([
      ['Normal', 'SuccessfulDataVolumeCreate', 'Created DataVolume web-root'],
      [
        'Normal',
        'SuccessfulCreate',
        'Started the virtual machine by creating the new virtual machine instance web',
      ],
    ]);
  await expect
    .poll(() => said(vmi))
    .toEqual([
      [
        'Normal',
        'SuccessfulCreate',
        expect.stringMatching(/^Created virtual machine pod virt-launcher-web-/),
      ],
      ['Normal', 'Created', 'VirtualMachineInstance defined.'],
      ['Normal', 'Started', 'VirtualMachineInstance started.'],
    ]);
});

test('a VM is given its identity, its instance all other defaults', async () => {
  const { client } = await startCluster();
  const draft = diskVm('web', {
    change(vm) {
      const spec = vm.spec.template.spec;
      if (spec?.domain.devices.disks) spec.domain.devices.disks = [{ name: 'root' }];
      if (spec) spec.domain.memory = { guest: '2Gi' };
    },
  });
  const { spec } = await client.create(virtualMachines, draft);
  const template = spec.template;
  expect(template.metadata?.annotations).toEqual({ 'kubevirt.io/pci-topology-version': 'v3' });
  expect(template.spec).toMatchObject({
    architecture: 'amd64',
    domain: {
      machine: { type: 'q35' },
      firmware: { uuid: expect.stringMatching(uuid), serial: expect.stringMatching(uuid) },
    },
  });
  expect(template.spec?.domain.cpu).toBeUndefined();
  expect(template.spec?.networks).toBeUndefined();
  expect(template.spec?.domain.devices.disks).toEqual([{ name: 'root' }]);

  const vmi = await untilVmi(client, 'web', 'Running');
  expect(vmi.spec).toMatchObject({
    evictionStrategy: 'None',
    networks: [{ name: 'default', pod: {} }],
    domain: {
      firmware: template.spec?.domain.firmware,
      cpu: { sockets: 1, cores: 1, threads: 1, maxSockets: 4, model: 'host-model' },
      memory: { guest: '2Gi', maxGuest: '8Gi' },
      devices: {
        disks: [{ name: 'root', disk: { bus: 'sata' } }],
        interfaces: [{ name: 'default', bridge: {} }],
      },
    },
  });
  expect(vmi.status).toMatchObject({
    currentCPUTopology: { sockets: 1, cores: 1, threads: 1 },
    memory: { guestAtBoot: '2Gi', guestRequested: '2Gi', guestCurrent: '2Gi' },
    runtimeUser: 107,
  });
});

test('a halted VM gets its disk at once and is shown as stopped', async () => {
  const { client } = await startCluster();
  const statuses = await record(client, virtualMachines, 'web', (vm) => vm.status?.printableStatus);
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted' }));
  const vm = await untilVm(client, 'web', 'Stopped');
  expect(statuses).toEqual(['Provisioning', 'Stopped']);
  expect(vm.status).toMatchObject({ created: false, ready: false });
  expect(vm.status?.conditions).toEqual([
    expect.objectContaining({
      type: 'Ready',
      status: 'False',
      reason: 'VMINotExists',
      message: 'VMI does not exist',
    }),
  ]);
  expect(await find(client, virtualMachineInstances, 'web')).toBeUndefined();
});

test('a user cannot change the status or the spec of an instance', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachines, diskVm('web'));
  const vmi = await untilVmi(client, 'web', 'Running');
  const url = '/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances/web';
  const stale = { ...vmi, status: { phase: 'Pending' } };
  Reflect.deleteProperty((stale.metadata = { ...stale.metadata }), 'resourceVersion');
  expect(await send('PUT', url, { body: stale })).toMatchObject({
    code: 200,
    body: { status: { phase: 'Running', nodeName: 'node-1' } },
  });
  expect(
    await send('PATCH', url, {
      contentType: 'application/merge-patch+json',
      body: { spec: { hostname: 'other' } },
    }),
  ).toMatchObject({
    code: 422,
    body: {
      reason: 'Invalid',
      message:
        'admission webhook "virtualmachineinstances-update-validator.kubevirt.io" denied the request: update of VMI object is restricted',
      details: { causes: [{ reason: 'FieldValueNotSupported', field: '' }] },
    },
  });
});

test('a name longer than a label may be gives the pod a part of it', async () => {
  const { client } = await startCluster();
  const name = `${'long-'.repeat(20)}name`;
  const change = (vm: Draft<VirtualMachine>) => {
    delete vm.spec.template.metadata;
  };
  await client.create(virtualMachines, diskVm(name, { change }));
  await untilVmi(client, name, 'Running');
  const { items } = await client.list(pods, { namespace: 'default' });
  expect(items.map(({ metadata }) => metadata.labels)).toEqual([
    expect.objectContaining({
      'vm.kubevirt.io/name': name.slice(0, 63),
      'vmi.kubevirt.io/id': `${name.slice(0, 54)}-4422af78`,
    }),
  ]);
});
