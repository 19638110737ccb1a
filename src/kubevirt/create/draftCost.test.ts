import { describe, expect, test } from 'vitest';

import {
  draftCost,
  type Limit,
  limitsOf,
  quotaRow,
  quotaUses,
  type VmSize,
} from '~/kubevirt/create/draftCost';
import { limitWarnings, quotaWarnings, roomWarnings } from '~/kubevirt/create/draftWarnings';
import {
  capacityRow,
  classRow,
  claimBytes,
  diskAbilities,
  overheadsOf,
  profileRow,
  roomOf,
  type StorageFacts,
} from '~/kubevirt/create/storageAbilities';
import { diskDraft, newDraft, type VmDraft } from '~/kubevirt/create/vmDraft';

const GIB = 2 ** 30;
const size: VmSize = { cpus: 2, memoryBytes: GIB, isDedicated: false, hugepages: '' };

const classOf = (name: string, annotations: Record<string, string> = {}) =>
  classRow({ metadata: { name, annotations }, provisioner: 'p', allowVolumeExpansion: true });
const storage: StorageFacts = {
  classes: [
    classOf('slow', { 'storageclass.kubernetes.io/is-default-class': 'true' }),
    classOf('fast', { 'storageclass.kubevirt.io/is-default-virt-class': 'true' }),
  ],
  profiles: [
    profileRow({
      metadata: { name: 'fast' },
      status: {
        claimPropertySets: [{ accessModes: ['ReadWriteMany'], volumeMode: 'Block' }],
        cloneStrategy: 'csi-clone',
      },
    }),
    profileRow({ metadata: { name: 'slow' }, status: { cloneStrategy: 'copy' } }),
  ],
  snapshotDrivers: ['p'],
  room: new Map(),
  overheads: new Map(
    overheadsOf({ status: { filesystemOverhead: { global: '0.06', storageClass: {} } } }),
  ),
};

const draft: VmDraft = {
  ...newDraft('web', 'shop'),
  disks: [diskDraft('rootdisk', { kind: 'blank' }, 10 * GIB)],
};
const known = {
  ...{ size, storage, cpuAllocationRatio: 10, memoryLimitRatio: 2, logsConsoles: false },
};

describe('the abilities of a disk', () => {
  test('are those of its class, or of the one that VMs have by default', () => {
    expect(diskAbilities(diskDraft('d', { kind: 'blank' }), storage)).toEqual({
      ...{ className: 'fast', accessMode: 'ReadWriteMany', volumeMode: 'Block' },
      ...{ canSnapshot: true, canCloneAtOnce: true, canGrow: true },
    });
    const slow = { ...diskDraft('d', { kind: 'blank' }), storageClass: 'slow' };
    expect(diskAbilities(slow, storage)).toMatchObject({
      ...{ className: 'slow', accessMode: undefined, canCloneAtOnce: false },
    });
    expect(diskAbilities({ ...slow, storageClass: 'gone' }, storage)).toBeUndefined();
  });

  test('are not made up where the cluster does not tell', () => {
    const unknown = { ...storage, profiles: undefined, snapshotDrivers: undefined };
    expect(diskAbilities(diskDraft('d', { kind: 'blank' }), unknown)).toMatchObject({
      ...{ accessMode: undefined, canSnapshot: undefined, canCloneAtOnce: undefined },
    });
  });

  test('with a file system its claim is larger than the disk', () => {
    const disk = diskDraft('d', { kind: 'blank' }, 10 * GIB);
    expect(claimBytes(disk, storage)).toBe(10 * GIB);
    expect(claimBytes({ ...disk, storageClass: 'slow' }, storage)).toBe(
      Math.ceil((10 * GIB) / 0.94),
    );
  });
});

describe('what a draft takes of a quota', () => {
  const quota = quotaRow({
    metadata: { name: 'small' },
    status: {
      hard: {
        ...{ cpu: '500m', 'requests.cpu': '500m', 'requests.memory': '2Gi' },
        ...{ 'requests.storage': '15Gi', pods: '4', 'count/secrets': '9' },
      },
      used: { cpu: '400m', 'requests.cpu': '400m', 'requests.memory': '0', pods: '1' },
    },
  });
  const uses = (part: Partial<VmDraft>) =>
    quotaUses(draftCost({ ...draft, ...part }, known), [quota]);

  test('is told of what it limits, once each, with what its launcher needs beside the guest', () => {
    expect(uses({})).toMatchObject([
      { resource: 'cpu', used: 0.4, added: 0.2, hard: 0.5, isOver: true },
      { resource: 'memory', isOver: false },
      { resource: 'storage', added: 10 * GIB, isOver: false },
      { resource: 'pods', used: 1, added: 1, isOver: false },
    ]);
    const memory = uses({}).find(({ resource }) => resource === 'memory')?.added ?? 0;
    expect(memory).toBeGreaterThan(1.2 * GIB);
    expect(memory).toBeLessThan(1.5 * GIB);
  });

  test('grows with the number of VMs', () => {
    const [, memory, disks] = uses({ count: 2 });
    expect(memory?.isOver).toBe(true);
    expect(disks).toMatchObject({ added: 20 * GIB, isOver: true });
  });

  test('is not foretold where the quota counts some pods only', () => {
    expect(quotaUses(draftCost(draft, known), [{ ...quota, isScoped: true }])).toEqual([]);
  });

  test('is warned of at the field that says it', () => {
    const several = { ...draft, count: 2 };
    expect(quotaWarnings(several, uses({ count: 2 }))).toMatchObject([
      { step: 'compute', field: 'cores', isWarning: true, values: { left: '0.1', need: '0.4' } },
      { step: 'compute', field: 'memory' },
      { step: 'storage', field: 'disk-0-size', values: { name: 'small', left: '15 GiB' } },
    ]);
  });

  test('counts services by the ports that they open', () => {
    const services = [
      { port: 22, type: 'NodePort' as const },
      { port: 80, type: 'LoadBalancer' as const },
    ];
    const cost = draftCost({ ...draft, services }, known);
    expect([...cost].filter(([name]) => name.startsWith('services'))).toEqual([
      ['services', 2],
      ['services.nodeports', 2],
      ['services.loadbalancers', 1],
    ]);
  });

  test('of a node of its own it takes whole CPUs and pages', () => {
    const own = { ...known, size: { ...size, isDedicated: true, hugepages: '2Mi' } };
    const cost = draftCost(
      { ...draft, devices: [{ kind: 'gpu', name: 'gpu-1', deviceName: 'e.org/gpu' }] },
      own,
    );
    expect(cost.get('requests.cpu')).toBe(2);
    expect(cost.get('requests.hugepages-2Mi')).toBe(GIB);
    expect(cost.get('requests.e.org/gpu')).toBe(1);
    expect(cost.get('requests.memory')).toBeLessThan(GIB / 2);
  });
});

test('a limit range is warned of where a claim or a guest is beyond it', () => {
  const limits: Limit[] = limitsOf({
    metadata: { name: 'fair' },
    spec: {
      limits: [
        { type: 'PersistentVolumeClaim', max: { storage: '5Gi' }, min: { storage: '1Gi' } },
        { type: 'Container', max: { memory: '512Mi', cpu: '1' } },
      ],
    },
  });
  expect(limitWarnings(draft, limits, { size, storage })).toMatchObject([
    { step: 'storage', field: 'disk-0-size', values: { bound: '5 GiB', need: '10 GiB' } },
    { step: 'compute', field: 'memory', values: { bound: '512 MiB', need: '1 GiB' } },
  ]);
  const tiny = { ...draft, disks: [diskDraft('rootdisk', { kind: 'blank' }, GIB / 2)] };
  const small = { ...size, memoryBytes: GIB / 4 };
  expect(limitWarnings(tiny, limits, { size: small, storage })).toMatchObject([
    { field: 'disk-0-size', values: { bound: '1 GiB', need: '512 MiB' } },
  ]);
});

test('a disk for which no place of its class has room is warned of', () => {
  const room = roomOf([
    capacityRow({ storageClassName: 'fast', capacity: '40Gi', maximumVolumeSize: '8Gi' }),
    capacityRow({ storageClassName: 'fast', capacity: '4Gi' }),
  ]);
  expect(roomWarnings(draft, { ...storage, room })).toMatchObject([
    { field: 'disk-0-size', values: { name: 'fast', left: '8 GiB', need: '10 GiB' } },
  ]);
  expect(roomWarnings(draft, storage)).toEqual([]);
});
