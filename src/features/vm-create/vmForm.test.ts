import { describe, expect, test } from 'vitest';

import { toAmount, toBytes } from '~/kubevirt/create/amount';
import { nameMistake } from '~/kubevirt/vmName';

import {
  placeFailure,
  suggestName,
  suggestProject,
  suggestSizes,
  toVm,
  type VmFormValues,
} from './vmForm';

const values: VmFormValues = {
  name: 'web',
  namespace: 'demo',
  description: '  Shop  ',
  source: 'images/fedora',
  instancetype: '',
  preference: '',
  disk: { value: 20, unit: 'GiB' },
  cpus: 2,
  memory: { value: 1.5, unit: 'GiB' },
  startAtOnce: true,
};

test('the form becomes the manifest', () => {
  const vm = toVm(values);
  expect(vm.metadata).toEqual({
    name: 'web',
    namespace: 'demo',
    annotations: { description: 'Shop' },
  });
  expect(vm.spec.runStrategy).toBe('Always');
  expect(vm.spec.dataVolumeTemplates?.[0]?.spec).toMatchObject({
    sourceRef: { kind: 'DataSource', namespace: 'images', name: 'fedora' },
    storage: { resources: { requests: { storage: '20Gi' } } },
  });
  expect(vm.spec.template.spec?.domain).toMatchObject({
    cpu: { cores: 2 },
    memory: { guest: '1536Mi' },
  });
});

test('a user-defined network that is the pod network is joined by its own binding', () => {
  const [nic] = toVm(values, 'tenant').spec.template.spec?.domain.devices.interfaces ?? [];
  expect(nic).toEqual({ name: 'default', model: 'virtio', binding: { name: 'l2bridge' } });
});

test('an instance type takes the place of CPU and memory', () => {
  const instancetype = 'VirtualMachineClusterInstancetype/u1.small';
  const preference = 'VirtualMachineClusterPreference/fedora';
  const vm = toVm({ ...values, instancetype, preference });
  expect(vm.spec.instancetype).toEqual({
    kind: 'VirtualMachineClusterInstancetype',
    name: 'u1.small',
  });
  expect(vm.spec.preference?.name).toBe('fedora');
  const domain = vm.spec.template.spec?.domain;
  expect([domain?.cpu, domain?.memory]).toEqual([undefined, undefined]);
  expect(domain?.devices.disks?.[0]).toEqual({ name: 'rootdisk', disk: {} });
});

test('a blank disk and a VM that stays off', () => {
  const vm = toVm({ ...values, source: 'blank', startAtOnce: false });
  expect(vm.spec.runStrategy).toBe('Halted');
  expect(vm.spec.dataVolumeTemplates?.[0]?.spec.source).toEqual({ blank: {} });
});

test('amounts go both ways and never shrink', () => {
  expect(toBytes({ value: 2, unit: 'MiB' })).toBe(2 * 2 ** 20);
  expect(toBytes({ value: undefined, unit: 'GiB' })).toBe(0);
  expect(toAmount(2 ** 30)).toEqual({ value: 1, unit: 'GiB' });
  expect(toAmount(117_440_512)).toEqual({ value: 112, unit: 'MiB' });
  const odd = 5_368_709_121;
  expect(toBytes(toAmount(odd))).toBeGreaterThanOrEqual(odd);
});

test('names are checked as the server will', () => {
  expect(nameMistake('web-1')).toBeUndefined();
  expect(nameMistake('a')).toBeUndefined();
  expect(nameMistake('')).toBe('empty');
  expect(nameMistake('Web')).toBe('characters');
  expect(nameMistake('-web')).toBe('ends');
  expect(nameMistake('web-')).toBe('ends');
  expect(nameMistake('a'.repeat(64))).toBe('long');
});

test('suggestions are usable as they are', () => {
  for (const random of [() => 0, () => 0.5, () => 0.999]) {
    expect(nameMistake(suggestName(random))).toBeUndefined();
  }
  expect(suggestProject(['kube-system', 'zoo', 'default'])).toBe('default');
  expect(suggestProject(['kube-system', 'openshift-cnv', 'zoo', 'apps'])).toBe('apps');
  expect(suggestProject(['kube-system'])).toBe('');
});

describe('what the server refuses is shown where it belongs', () => {
  const failure = {
    title: 'Some values are not valid',
    detail: 'admission webhook denied the request',
    status: 422,
    reason: 'Invalid',
    causes: [],
  };
  const cause = (field: string, message: string) => ({
    field,
    message,
    reason: 'FieldValueInvalid',
  });

  test('causes go to their fields', () => {
    const placed = placeFailure({
      ...failure,
      causes: [
        cause('metadata.name', 'no'),
        cause('spec.template.spec.domain.memory.guest', 'too much'),
        cause('spec.template.spec.domain.resources.requests.memory', 'not aligned'),
        cause('spec.template.spec.domain.cpu.cores', 'odd'),
        cause('spec.dataVolumeTemplate[0].source.sourceRef', 'missing'),
        cause('spec.dataVolumeTemplates[0].spec.storage.resources.requests.storage', 'small'),
      ],
    });
    expect(placed).toEqual({
      fields: {
        name: 'no',
        memory: 'too much not aligned',
        cpus: 'odd',
        source: 'missing',
        disk: 'small',
      },
      rest: undefined,
    });
  });

  test('a path without a field is told above the form', () => {
    const placed = placeFailure({
      ...failure,
      causes: [cause('spec.template.spec.tolerations', 'x')],
    });
    expect(placed.fields).toEqual({});
    expect(placed.rest?.detail).toBe('spec.template.spec.tolerations: x');
  });

  test('a taken name belongs to the name', () => {
    const detail = 'virtualmachines.kubevirt.io "web" already exists';
    expect(placeFailure({ ...failure, status: 409, detail }).fields).toEqual({ name: detail });
  });

  test('everything else is told above the form', () => {
    expect(placeFailure({ ...failure, status: 500 }).rest?.detail).toBe(failure.detail);
  });
});

test('sizes fit the image: little for a small one, room for others, never below its need', () => {
  const MIB = 2 ** 20;
  const sizes = (bytes: number | undefined, memoryBytes: number | undefined) => {
    const { disk, memory } = suggestSizes({ bytes, memoryBytes });
    return [toBytes(disk) / MIB, toBytes(memory) / MIB];
  };
  expect(sizes(512 * MIB, 128 * MIB)).toEqual([1024, 256]);
  expect(sizes(3072 * MIB, 512 * MIB)).toEqual([10_240, 2048]);
  expect(sizes(30_720 * MIB, 4096 * MIB)).toEqual([30_720, 4096]);
  expect(sizes(undefined, undefined)).toEqual([10_240, 2048]);
});
