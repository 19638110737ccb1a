import { expect, it } from 'vitest';

import { copyObject } from './copyObject';
import { bySize, toClusterInstanceType, toProjectPreference, toTypeUser } from './typeRows';

it('makes the row of an instance type', () => {
  const row = toClusterInstanceType({
    metadata: {
      name: 'cx1.large',
      labels: { 'instancetype.kubevirt.io/vendor': 'kubevirt.io' },
      annotations: { 'instancetype.kubevirt.io/displayName': 'Compute Exclusive' },
    },
    spec: {
      cpu: { guest: 2, dedicatedCPUPlacement: true },
      memory: { guest: '4Gi', hugepages: { pageSize: '2Mi' } },
      gpus: [{ deviceName: 'nvidia.com/A40' }],
    },
  });
  expect(row).toMatchObject({
    key: 'VirtualMachineClusterInstancetype//cx1.large',
    ...{ series: 'cx1', cpus: 2, memoryBytes: 4 * 2 ** 30, hugepages: '2Mi', isDedicated: true },
    ...{ gpus: ['nvidia.com/A40'], vendor: 'kubevirt.io', title: 'Compute Exclusive' },
  });
});

it('sorts sizes by what they are, not by their names', () => {
  const row = (name: string, guest: number) =>
    toClusterInstanceType({ metadata: { name }, spec: { cpu: { guest } } });
  const rows = [row('u1.8xlarge', 32), row('o1.nano', 1), row('u1.16xlarge', 64), row('u1.2x', 8)];
  expect(rows.sort(bySize).map(({ name }) => name)).toEqual([
    'o1.nano',
    'u1.2x',
    'u1.8xlarge',
    'u1.16xlarge',
  ]);
});

it('knows the firmware of a preference, whichever way it is said', () => {
  const firmware = (value: object) =>
    toProjectPreference({ metadata: { name: 'a' }, spec: { firmware: value } }).firmware;
  expect(firmware({ preferredEfi: { secureBoot: true } })).toBe('secureBoot');
  expect(firmware({ preferredUseEfi: true, preferredUseSecureBoot: true })).toBe('secureBoot');
  expect(firmware({ preferredEfi: {} })).toBe('uefi');
  expect(firmware({ preferredUseBios: true })).toBe('bios');
  expect(firmware({})).toBe('');
});

it('takes a matcher without a kind for one of the cluster', () => {
  const vm = {
    metadata: { namespace: 'shop', name: 'web' },
    spec: {
      instancetype: { name: 'u1.small' },
      preference: { kind: 'virtualmachinepreference', name: 'ours' },
    },
  };
  expect(toTypeUser(vm)).toEqual({
    ...{ namespace: 'shop', name: 'web' },
    instancetype: 'VirtualMachineClusterInstancetype//u1.small',
    preference: 'VirtualMachinePreference/shop/ours',
  });
  expect(toTypeUser({ metadata: { name: 'x' } })).toMatchObject({
    ...{ instancetype: '', preference: '' },
  });
});

it('copies what a user wrote, and nothing that the server or a vendor did', () => {
  const object = {
    ...{ apiVersion: 'instancetype.kubevirt.io/v1beta1', kind: 'VirtualMachineInstancetype' },
    metadata: {
      ...{ name: 'a', namespace: 'shop', uid: '1', resourceVersion: '2', creationTimestamp: 'now' },
      labels: { 'instancetype.kubevirt.io/vendor': 'kubevirt.io', tier: 'gold' },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'hi' },
    },
    spec: { cpu: { guest: 1 }, future: true },
    status: {},
  };
  expect(copyObject(object, 'a-copy')).toEqual({
    ...{ apiVersion: object.apiVersion, kind: object.kind },
    metadata: {
      ...{ name: 'a-copy', namespace: 'shop' },
      ...{ labels: { tier: 'gold' }, annotations: { note: 'hi' } },
    },
    spec: { cpu: { guest: 1 }, future: true },
  });
});
