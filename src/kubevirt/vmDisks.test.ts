import { expect, test } from 'vitest';

import { isBeingMade, toDataVolumeRow, vmDisks } from './vmDisks';

const vm = {
  metadata: { namespace: 'demo', name: 'web' },
  spec: {
    dataVolumeTemplates: [
      {
        metadata: { name: 'web-root' },
        spec: {
          sourceRef: { kind: 'DataSource', namespace: 'images', name: 'fedora' },
          storage: { resources: { requests: { storage: '10Gi' } } },
        },
      },
    ],
    template: {
      spec: {
        domain: {
          devices: {
            disks: [
              { name: 'init', cdrom: { bus: 'sata' } },
              { name: 'root', disk: { bus: 'virtio' }, bootOrder: 1 },
              { name: 'old', disk: {} },
              { name: 'tray', cdrom: {} },
            ],
          },
        },
        volumes: [
          { name: 'root', dataVolume: { name: 'web-root' } },
          { name: 'init', cloudInitNoCloud: { userData: '#cloud-config' } },
          { name: 'old', persistentVolumeClaim: { claimName: 'old-claim' } },
        ],
      },
    },
  },
};

test('disks come in boot order with what is known of their volumes', () => {
  const row = { name: 'web-root', phase: 'ImportInProgress', percent: 45.3, failure: '' };
  const disks = vmDisks(vm, undefined, [row]);
  expect(disks.map((disk) => disk.name)).toEqual(['root', 'init', 'old', 'tray']);
  expect(disks[0]).toMatchObject({
    kind: 'disk',
    bus: 'virtio',
    sourceKind: 'DataVolume',
    origin: 'DataSource images/fedora',
    bytes: 10 * 2 ** 30,
    dataVolume: row,
  });
  expect(disks[1]).toMatchObject({ kind: 'cdrom', sourceKind: 'cloudInitNoCloud' });
  expect(disks[2]).toMatchObject({ sourceName: 'old-claim', bytes: undefined });
  expect(disks[3]).toMatchObject({ sourceKind: '', sourceName: '' });
});

test.each([
  [{ pvc: { namespace: 'images', name: 'fedora' } }, 'PersistentVolumeClaim images/fedora'],
  [{ snapshot: { namespace: 'images', name: 'old' } }, 'VolumeSnapshot images/old'],
  [{ http: { url: 'https://images/fedora' } }, 'https://images/fedora'],
  [{ blank: {} }, 'blank'],
])('a disk made of %j tells where it is from', (source, origin) => {
  const templates = [{ metadata: { name: 'web-root' }, spec: { source, storage: {} } }];
  const [root] = vmDisks(
    { ...vm, spec: { ...vm.spec, dataVolumeTemplates: templates } },
    undefined,
    [],
  );
  expect(root?.origin).toBe(origin);
});

test('the real size and device come from the running instance', () => {
  const vmi = {
    spec: { domain: { devices: {} } },
    status: {
      volumeStatus: [
        {
          name: 'root',
          target: 'vda',
          persistentVolumeClaimInfo: { capacity: { storage: '11Gi' } },
        },
      ],
    },
  };
  expect(vmDisks(vm, vmi, [])[0]).toMatchObject({ target: 'vda', bytes: 11 * 2 ** 30 });
});

test('progress is a number only when CDI gives one', () => {
  const row = (progress: string) =>
    toDataVolumeRow({ spec: {}, status: { phase: 'ImportInProgress', progress } });
  expect(row('N/A').percent).toBeUndefined();
  expect(row('45.32%').percent).toBe(45.32);
  expect(row('100.0%').percent).toBe(100);
  expect(isBeingMade(row('100.0%'))).toBe(true);
});

test('a failing import tells its reason although its phase looks busy', () => {
  const message = 'Unable to process data: no space left on device';
  const row = toDataVolumeRow({
    spec: {},
    status: {
      phase: 'ImportInProgress',
      conditions: [{ type: 'Running', status: 'False', reason: 'Error', message }],
    },
  });
  expect(row.failure).toBe(message);
});
