import { expect, test } from 'vitest';

import {
  recentTasks,
  toCloneTask,
  toDataVolumeTask,
  toExportTask,
  toMigrationTask,
  toRestoreTask,
  toSnapshotTask,
} from './taskRow';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

test('a migration says where it goes, and why it failed', () => {
  const migration = (status: object) =>
    toMigrationTask({
      metadata: { uid: 'u', name: 'web-x', namespace: 'n', creationTimestamp: at(0) },
      spec: { vmiName: 'web' },
      status,
    });
  expect(migration({})).toMatchObject({ target: 'web', state: 'waiting', phase: 'Pending' });
  const nodes = { sourceNode: 'a', targetNode: 'b' };
  expect(migration({ phase: 'Running', migrationState: nodes })).toMatchObject({
    state: 'running',
    detail: 'a → b',
  });
  const failed = { ...nodes, failureReason: 'target is full' };
  expect(migration({ phase: 'Failed', migrationState: failed })).toMatchObject({
    state: 'failed',
    detail: 'target is full',
  });
});

test('a volume has progress while it is made', () => {
  const volume = (status: object) =>
    toDataVolumeTask({ metadata: { name: 'root' }, spec: {}, status });
  expect(volume({ phase: 'ImportInProgress', progress: '40.5%' })).toMatchObject({
    state: 'running',
    percent: 40.5,
  });
  expect(volume({ phase: 'Succeeded', progress: '100.0%' })).toMatchObject({
    state: 'succeeded',
    percent: undefined,
  });
});

test('old ones are told only while they last', () => {
  const row = (name: string, phase: string, minute: number) =>
    toDataVolumeTask({
      metadata: { name, creationTimestamp: at(minute) },
      spec: {},
      status: { phase },
    });
  const rows = [
    row('old', 'Succeeded', 0),
    row('slow', 'ImportInProgress', 1),
    row('new', 'Succeeded', 50),
  ];
  const now = Date.parse(at(70));
  expect(recentTasks(rows, now).map(({ name }) => name)).toEqual(['new', 'slow']);
});

test.each([
  [toSnapshotTask, { phase: 'InProgress' }, 'running', 'web'],
  [toSnapshotTask, { phase: 'Succeeded', readyToUse: true }, 'succeeded', 'web'],
  [toSnapshotTask, { phase: 'Failed', error: { message: 'no room' } }, 'failed', 'web'],
  [toRestoreTask, { complete: false }, 'running', 'copy'],
  [toRestoreTask, { complete: true }, 'succeeded', 'copy'],
  [toCloneTask, { phase: 'SnapshotInProgress' }, 'running', 'web'],
  [toCloneTask, {}, 'waiting', 'web'],
  [toExportTask, { phase: 'Ready' }, 'succeeded', 'web'],
])('a task of %s with %j is %s', (toTask, status, state, target) => {
  const spec = { source: { name: 'web' }, target: { name: 'copy' } };
  expect(toTask({ metadata: { uid: 'a', name: 'one' }, spec, status })).toMatchObject({
    ...{ state, target },
    detail: 'error' in status ? 'no room' : '',
  });
});
