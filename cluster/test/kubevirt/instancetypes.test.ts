import { expect, test } from 'vitest';

import { controllerRevisions } from '../../src/client/resources.ts';
import {
  clusterInstancetypes,
  clusterPreferences,
  instancetypes,
} from '../../src/kubevirt/instancetype/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { diskVm, plainVm, sizedVm } from './manifests.ts';
import { untilVm, untilVmi } from './watching.ts';

const vmUrl = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';

const denied = (message: string, causes: object[]) => ({
  code: 422,
  body: {
    reason: 'Invalid',
    message: `admission webhook "virtualmachine-validator.kubevirt.io" denied the request: ${message}`,
    details: { causes },
  },
});

test('the common instance types and preferences are there', async () => {
  const { client } = await startCluster();
  const { items: types } = await client.list(clusterInstancetypes);
  const { items: preferences } = await client.list(clusterPreferences);
  expect([types.length, preferences.length]).toEqual([65, 54]);
  expect(types.find(({ metadata }) => metadata.name === 'cx1.large1gi')).toMatchObject({
    metadata: {
      labels: {
        'instancetype.kubevirt.io/cpu': '2',
        'instancetype.kubevirt.io/memory': '4Gi',
        'instancetype.kubevirt.io/hugepages': '1Gi',
        'instancetype.kubevirt.io/vendor': 'kubevirt.io',
      },
    },
    spec: { cpu: { guest: 2, maxSockets: 2 }, memory: { guest: '4Gi' } },
  });
  expect(preferences.find(({ metadata }) => metadata.name === 'windows.11.virtio')).toMatchObject({
    spec: {
      devices: { preferredDiskBus: 'virtio', preferredTPM: { persistent: true } },
      requirements: { cpu: { guest: 2 }, memory: { guest: '4Gi' } },
    },
  });
});

test('a guest gets the sizes of its instance type and what its preference prefers', async () => {
  const { client } = await startCluster();
  const vm = diskVm('web', {
    change({ spec }) {
      delete spec.template.spec?.domain.memory;
      spec.instancetype = { name: 'o1.micro' };
      spec.preference = { name: 'linux' };
      const devices = spec.template.spec?.domain.devices;
      if (devices) devices.disks = [];
    },
  });
  await client.create(virtualMachines, vm);
  const vmi = await untilVmi(client, 'web', 'Running');
  expect(vmi.metadata.annotations).toMatchObject({
    'kubevirt.io/cluster-instancetype-name': 'o1.micro',
    'kubevirt.io/cluster-preference-name': 'linux',
    'vm.kubevirt.io/os': 'linux',
  });
  expect(vmi.spec.domain).toMatchObject({
    cpu: { sockets: 1, cores: 1, threads: 1 },
    memory: { guest: '1Gi' },
    resources: { requests: { memory: '512Mi' } },
    devices: {
      rng: {},
      disks: [{ name: 'root', disk: { bus: 'virtio' } }],
      interfaces: [{ name: 'default', model: 'virtio' }],
    },
  });
  const [revision] = (
    await client.list(controllerRevisions, { namespace: 'default' })
  ).items.filter(({ metadata }) => metadata.name.startsWith('web-o1.micro-'));
  const { status, spec } = await untilVm(client, 'web', 'Running');
  expect(status?.instancetypeRef).toEqual({
    name: 'o1.micro',
    controllerRevisionRef: { name: revision?.metadata.name },
  });
  expect(revision?.metadata.name).toMatch(/^web-o1\.micro-v1beta1-[0-9a-f-]{36}-1$/);
  expect(revision?.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'VirtualMachine' });
  // The VM keeps its reference, and nothing of it is written out.
  expect(spec.template.spec?.domain).not.toHaveProperty('cpu');
});

test('a VM stays with the revision it was made with, until it names another', async () => {
  const { client } = await startCluster();
  const size = { cpu: { guest: 1 }, memory: { guest: '256Mi' } };
  const kind = 'VirtualMachineInstancetype';
  const draft = { apiVersion: 'instancetype.kubevirt.io/v1beta1', kind };
  const meta = { name: 'small', namespace: 'default' };
  await client.create(instancetypes, { ...draft, metadata: meta, spec: size });
  await client.create(
    virtualMachines,
    sizedVm('web', { instancetype: { name: 'small', kind } }, 'Halted'),
  );
  await untilVm(client, 'web', ({ status }) => status?.instancetypeRef !== undefined);
  const grown = { spec: { memory: { guest: '512Mi' } } };
  await client.patch(instancetypes, meta, { type: 'merge', body: grown });
  const start = { spec: { runStrategy: 'Always' } };
  const key = { namespace: 'default', name: 'web' };
  await client.patch(virtualMachines, key, { type: 'merge', body: start });
  const vmi = await untilVmi(client, 'web', 'Running');
  expect(vmi.spec.domain.memory?.guest).toBe('256Mi');
  expect(vmi.metadata.annotations).toMatchObject({ 'kubevirt.io/instancetype-name': 'small' });
});

test('what both the VM and its instance type set is refused, field by field', async () => {
  const { send } = await startCluster();
  const vm = plainVm('web', {
    memory: '1Gi',
    change({ spec }) {
      spec.instancetype = { name: 'u1.micro' };
      const { domain } = spec.template.spec ?? {};
      if (domain) domain.cpu = { sockets: 2, cores: 1 };
    },
  });
  const path = 'spec.template.spec.domain';
  const causes = [`${path}.cpu.sockets`, `${path}.cpu.cores`, `${path}.memory.guest`].map(
    (field) => ({
      reason: 'FieldValueInvalid',
      field,
      message: `VM field(s) ${field} conflicts with selected instance type`,
    }),
  );
  const message = causes.map((cause) => cause.message).join(', ');
  expect(await send('POST', vmUrl, { body: vm })).toMatchObject(denied(message, causes));
});

test('a VM smaller than its preference requires is refused', async () => {
  const { send } = await startCluster();
  const bySize = sizedVm('web', {
    instancetype: { name: 'u1.micro' },
    preference: { name: 'oraclelinux' },
  });
  const cpu =
    'failure checking preference requirements: insufficient CPU resources of 1 vCPU provided by instance type, preference requires 2 vCPU';
  expect(await send('POST', vmUrl, { body: bySize })).toMatchObject(
    denied(cpu, [{ reason: 'FieldValueNotFound', message: cpu, field: 'spec.instancetype' }]),
  );
  const byMemory = plainVm('web', {
    memory: '1Gi',
    change: ({ spec }) => (spec.preference = { name: 'ubuntu' }),
  });
  const memory =
    'failure checking preference requirements: insufficient Memory resources of 1Gi provided by VirtualMachine, preference requires 2Gi';
  const field = 'spec.template.spec.domain.memory';
  expect(await send('POST', vmUrl, { body: byMemory })).toMatchObject(
    denied(memory, [{ reason: 'FieldValueNotFound', message: memory, field }]),
  );
});

test('an instance type that is not there keeps the VM from starting, until it comes', async () => {
  const { client } = await startCluster();
  const key = { name: 'later' };
  await client.create(virtualMachines, sizedVm('web', { instancetype: key }));
  const { status } = await untilVm(client, 'web', (vm) =>
    Boolean(vm.status?.conditions?.some(({ type }) => type === 'Failure')),
  );
  expect(status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'Failure',
      reason: 'FailedFindInstancetype',
      message: 'virtualmachineclusterinstancetypes.instancetype.kubevirt.io "later" not found',
    }),
  );
  await client.create(clusterInstancetypes, {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterInstancetype',
    metadata: key,
    spec: { cpu: { guest: 2 }, memory: { guest: '256Mi' } },
  });
  const vmi = await untilVmi(client, 'web', 'Running');
  expect(vmi.spec.domain.cpu?.sockets).toBe(2);
});

test('expand-spec writes the references out, and changes nothing', async () => {
  const { client, send } = await startCluster();
  const spec = { instancetype: { name: 'u1.large' }, preference: { name: 'centos.stream9.dpdk' } };
  const cores = { preference: { name: 'linux.efi' }, instancetype: spec.instancetype };
  await client.create(virtualMachines, sizedVm('web', cores, 'Halted'));
  const reply = await send('GET', vmAction('web', 'expand-spec'));
  expect(reply).toMatchObject({
    code: 200,
    body: {
      spec: {
        template: {
          spec: {
            domain: {
              cpu: { sockets: 2, cores: 1 },
              memory: { guest: '8Gi' },
              firmware: { bootloader: { efi: { secureBoot: false } } },
              devices: { interfaces: [{ name: 'default', model: 'virtio' }] },
            },
          },
        },
      },
    },
  });
  expect(reply.body['spec']).not.toHaveProperty('instancetype');
  const whole = '/apis/subresources.kubevirt.io/v1/namespaces/default/expand-vm-spec';
  const spread = sizedVm('other', { ...spec, instancetype: { name: 'u1.2xlarge' } });
  expect(await send('PUT', whole, { body: spread })).toMatchObject({
    code: 200,
    body: {
      spec: { template: { spec: { domain: { cpu: { sockets: 1, cores: 4, threads: 2 } } } } },
    },
  });
  expect(
    await send('PUT', whole, { body: { ...spread, metadata: { namespace: 'other' } } }),
  ).toMatchObject({ code: 400, body: { message: 'VM namespace must be empty or default' } });
  expect(await send('PUT', whole, { body: { kind: 'Pod' } })).toMatchObject({
    code: 400,
    body: { message: 'Object is not a valid VirtualMachine' },
  });
});

test('an instance type with a wrong value is refused by its own webhook', async () => {
  const { send } = await startCluster();
  const url = '/apis/instancetype.kubevirt.io/v1beta1/virtualmachineclusterinstancetypes';
  const body = {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterInstancetype',
    metadata: { name: 'odd' },
    spec: {
      cpu: { guest: 1 },
      memory: { guest: '1Gi', overcommitPercent: 10, hugepages: { pageSize: '2Mi' } },
    },
  };
  expect(await send('POST', url, { body })).toMatchObject({
    code: 422,
    body: {
      message:
        'admission webhook "virtualmachineclusterinstancetype-validator.instancetype.kubevirt.io" denied the request: spec.memory.overcommitPercent and spec.memory.hugepages should not be requested together.',
    },
  });
});
