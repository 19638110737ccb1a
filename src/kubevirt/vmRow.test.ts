import { expect, test } from 'vitest';

import { createRowJoin, naturalOrder, toVmiRow, toVmRow } from './vmRow';

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
  const first = join(vms, [a1]);
  expect(first.map((row) => row.node)).toEqual(['node-1', '']);
  const second = join(vms, [a1, vmi('b', 'node-2')]);
  expect(second[0]).toBe(first[0]);
  expect(second[1]).not.toBe(first[1]);
  expect(second[1]?.node).toBe('node-2');
  expect(join(vms, [])[0]?.node).toBe('');
});
