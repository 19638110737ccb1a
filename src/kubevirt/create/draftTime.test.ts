import { expect, test } from 'vitest';

import type { Upload } from '~/k8s/Uploads';
import { draftTime, type Pace, toTransfer, type Transfer } from '~/kubevirt/create/draftTime';
import { classRow, profileRow, type StorageFacts } from '~/kubevirt/create/storageAbilities';
import { diskDraft, type DraftSource, newDraft } from '~/kubevirt/create/vmDraft';

const GIB = 2 ** 30;

const classOf = (name: string, isDefault: boolean) =>
  classRow({
    metadata: {
      name,
      annotations: { 'storageclass.kubevirt.io/is-default-virt-class': String(isDefault) },
    },
    provisioner: 'p',
    allowVolumeExpansion: true,
  });
const storage: StorageFacts = {
  classes: [classOf('slow', false), classOf('fast', true)],
  profiles: [
    profileRow({ metadata: { name: 'fast' }, status: { cloneStrategy: 'csi-clone' } }),
    profileRow({ metadata: { name: 'slow' }, status: { cloneStrategy: 'copy' } }),
  ],
  ...{ snapshotDrivers: ['p'], room: new Map(), overheads: new Map() },
};

const nothing: Pace = { transfers: [], uploads: [] };
const image: DraftSource = { kind: 'dataSource', namespace: 'images', name: 'fedora' };

function time(source: DraftSource, storageClass = '', facts = storage, pace = nothing, count = 1) {
  const disks = [{ ...diskDraft('d', source, 6 * GIB), storageClass }];
  return draftTime({ ...newDraft('web', 'shop'), disks, count }, facts, pace);
}

test.each([
  ['seconds', time({ kind: 'blank' })],
  ['seconds', time(image)],
  ['copy', time(image, 'slow')],
  ['download', time({ kind: 'url', url: 'https://example.org/a' })],
  ['unknown', time(image, '', { ...storage, profiles: undefined })],
])('%s, and nothing more where nothing was measured', (kind, found) => {
  expect(found.kind).toBe(kind);
  if (kind !== 'seconds') expect(found).toMatchObject({ bytes: 6 * GIB, measured: undefined });
});

const filled = (kind: Transfer['kind'], storageClass: string, gib: number, seconds: number) => ({
  ...{ kind, storageClass, bytes: gib * GIB, seconds },
});

test('disks of the same kind and class tell how long it takes, the one in the middle', () => {
  const transfers = [
    ...[
      filled('copy', 'slow', 1, 10),
      filled('copy', 'slow', 2, 40),
      filled('copy', 'slow', 1, 900),
    ],
    ...[filled('copy', 'fast', 1, 1), filled('download', 'slow', 1, 1)],
  ];
  expect(time(image, 'slow', storage, { ...nothing, transfers }, 2)).toEqual({
    kind: 'copy',
    bytes: 12 * GIB,
    measured: { seconds: 240, disks: 3 },
  });
  // The class of the default is found by its name too.
  expect(
    time({ kind: 'registry', url: 'docker://a/b' }, '', storage, {
      ...nothing,
      transfers: [filled('download', 'fast', 3, 30)],
    }),
  ).toMatchObject({ measured: { seconds: 60, disks: 1 } });
});

test('a DataVolume that was filled is a measure, one that was not or is empty is none', () => {
  const made = (source: object, ready: string, end = '2026-01-02T03:05:05Z') =>
    toTransfer({
      metadata: { name: 'd', creationTimestamp: '2026-01-02T03:04:05Z' },
      spec: {
        ...source,
        storage: { storageClassName: 'slow', resources: { requests: { storage: '2Gi' } } },
      },
      status: { conditions: [{ type: 'Ready', status: ready, lastTransitionTime: end }] },
    });
  const http = { source: { http: { url: 'https://example.org/a' } } };
  expect(made(http, 'True')).toEqual(filled('download', 'slow', 2, 60));
  expect(made({ sourceRef: { kind: 'DataSource', name: 'a' } }, 'True')).toEqual(
    filled('copy', 'slow', 2, 60),
  );
  expect(made(http, 'True', '2026-01-02T03:04:05Z')?.seconds).toBe(1);
  expect(made(http, 'False')).toBeUndefined();
  expect(made({ source: { blank: {} } }, 'True')).toBeUndefined();
});

test('what is being uploaded is waited for, by its own speed', () => {
  const source: DraftSource = { kind: 'dataVolume', name: 'web-d' };
  const upload = {
    ...{ namespace: 'shop', name: 'web-d', state: 'sending', bytes: 3e8, sentBytes: 1e8 },
    bytesPerSecond: 1e7,
  } as Upload;
  const of = (...uploads: Upload[]) => time(source, '', storage, { ...nothing, uploads });
  expect(of(upload)).toEqual({ kind: 'upload', bytes: 2e8, seconds: 20 });
  expect(of({ ...upload, bytesPerSecond: undefined })).toMatchObject({ seconds: undefined });
  expect(of({ ...upload, state: 'succeeded' })).toEqual({ kind: 'seconds' });
  expect(of({ ...upload, namespace: 'other' })).toEqual({ kind: 'seconds' });
});
