import { expect, test } from 'vitest';

import { createRowJoin } from './vmListRow';
import type { UseOfVm } from './vmMetrics';
import { naturalOrder, toClaimRow, toVmiRow, toVmRow } from './vmRow';

const template = { spec: { domain: { devices: {} } } };

test('a row has what the list shows, and defaults where the VM says nothing', () => {
  const row = toVmRow({
    metadata: { namespace: 'demo', name: 'web-2', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {
      running: true,
      template,
      dataVolumeTemplates: [{ metadata: { name: 'web-2-root' }, spec: {} }],
    },
  });
  expect(row).toMatchObject({
    key: 'demo/web-2',
    status: 'Stopped',
    runStrategy: 'Always',
    problem: undefined,
    ownedDataVolumes: ['web-2-root'],
  });
});

test('the first address leads, the others follow', () => {
  const vmi = toVmiRow({
    metadata: { namespace: 'demo', name: 'a' },
    spec: { domain: { devices: {} } },
    status: {
      nodeName: 'node-1',
      interfaces: [
        { ipAddress: '10.0.0.9', ipAddresses: ['10.0.0.9', 'fe80::1'] },
        { ipAddress: 'x' },
      ],
    },
  });
  expect(vmi).toMatchObject({ node: 'node-1', ip: '10.0.0.9', moreIps: ['fe80::1', 'x'] });
});

test('numbers in texts sort by value', () => {
  const sorted = ['vm-10', 'vm-9', 'vm-9a', 'a'].sort((a, b) =>
    naturalOrder(a) < naturalOrder(b) ? -1 : 1,
  );
  expect(sorted).toEqual(['a', 'vm-9', 'vm-9a', 'vm-10']);
});

const nothing = new Map<string, UseOfVm>();

test('joining makes a new row only where something changed', () => {
  const join = createRowJoin();
  const vms = ['a', 'b'].map((name) =>
    toVmRow({ metadata: { namespace: 'n', name }, spec: { template } }),
  );
  const vmi = (name: string, nodeName: string) =>
    toVmiRow({
      metadata: { namespace: 'n', name },
      spec: { domain: { devices: {} } },
      status: { nodeName },
    });
  const a1 = vmi('a', 'node-1');
  const first = join(vms, [a1], [], nothing);
  expect(first.map((row) => row.node)).toEqual(['node-1', '']);
  const second = join(vms, [a1, vmi('b', 'node-2')], [], nothing);
  expect(second[0]).toBe(first[0]);
  expect(second[1]).not.toBe(first[1]);
  expect(second[1]?.node).toBe('node-2');
  expect(join(vms, [], [], nothing)[0]?.node).toBe('');
});

test('claims bring their storage classes, each once', () => {
  const join = createRowJoin();
  const volumes = ['root', 'data'].map((name) => ({ name, dataVolume: { name } }));
  const vm = toVmRow({
    metadata: { namespace: 'n', name: 'a' },
    spec: { template: { spec: { domain: { devices: {} }, volumes } } },
  });
  const claims = ['root', 'data'].map((name) =>
    toClaimRow({ metadata: { namespace: 'n', name }, spec: { storageClassName: 'fast' } }),
  );
  const [without] = join([vm], [], [], nothing);
  const [withClaims] = join([vm], [], claims, nothing);
  expect(without?.storageClasses).toEqual([]);
  expect(withClaims?.storageClasses).toEqual(['fast']);
  expect(join([vm], [], claims, nothing)[0]).toBe(withClaims);
});

test('what a VM uses makes a new row of that VM alone', () => {
  const join = createRowJoin();
  const vms = ['a', 'b'].map((name) =>
    toVmRow({ metadata: { namespace: 'n', name }, spec: { template } }),
  );
  const first = join(
    vms,
    [],
    [],
    new Map([
      ['n/a', { cpu: 0.5 }],
      ['n/b', { cpu: 0.1 }],
    ]),
  );
  const second = join(
    vms,
    [],
    [],
    new Map([
      ['n/a', { cpu: 0.5 }],
      ['n/b', { cpu: 0.2 }],
    ]),
  );
  expect(second[0]).toBe(first[0]);
  expect(second[1]?.use).toEqual({ cpu: 0.2 });
});

test('an instance type decides over CPUs until there is an instance', () => {
  const vm = { metadata: { name: 'a' }, spec: { instancetype: { name: 'u1.small' }, template } };
  expect(toVmRow(vm)).toMatchObject({ vcpus: undefined, instancetype: 'u1.small' });
});

test('the last migration says how it ended', () => {
  const vmi = (migrationState: object) =>
    toVmiRow({ spec: { domain: { devices: {} } }, status: { migrationState } }).migration;
  const times = { startTimestamp: '2026-01-01T00:00:00Z', endTimestamp: '2026-01-01T00:01:00Z' };
  expect(vmi({})).toBeUndefined();
  expect(vmi({ startTimestamp: times.startTimestamp })).toMatchObject({ state: 'running' });
  expect(vmi({ ...times, failed: true })).toMatchObject({ state: 'failed' });
  expect(vmi({ ...times, sourceNode: 'a', targetNode: 'b' })).toEqual({
    state: 'succeeded',
    at: times.endTimestamp,
    from: 'a',
    to: 'b',
  });
});
