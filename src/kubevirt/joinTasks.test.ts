import { expect, test } from 'vitest';

import type { Job, JobItem } from '~/k8s/Jobs';

import { joinTasks } from './joinTasks';
import { toCloneTask, toSnapshotTask } from './taskRow';

const item = (name: string, more: Partial<JobItem> = {}): JobItem => ({
  ...{ key: `n/${name}`, namespace: 'n', name, state: 'succeeded', failure: undefined },
  ...more,
});

const job = (...items: JobItem[]): Job => ({
  ...{ id: 1, title: 'Do', startedAt: 0, endedAt: 1, command: '', items },
});

const snapshot = (name: string, phase: string) =>
  toSnapshotTask({
    metadata: { uid: name, name, namespace: 'n' },
    spec: { source: { name: 'web' } },
    status: { phase, readyToUse: phase === 'Succeeded' },
  });

test('a request and the object that it made are one task, with the state of the object', () => {
  const clone = toCloneTask({
    metadata: { uid: 'u', name: 'copy-x', namespace: 'n' },
    spec: { source: { name: 'web' } },
    status: { phase: 'SnapshotInProgress' },
  });
  const made = { kind: 'VirtualMachineClone', name: 'copy-x' };
  const { asked, others } = joinTasks([job(item('copy', { made }))], [clone]);
  expect(others).toEqual([]);
  expect(asked[0]).toMatchObject({ state: 'running', items: [{ made: clone, state: 'running' }] });
});

test('an object of the same name in another project is of others', () => {
  const foreign = { ...snapshot('s', 'Succeeded'), namespace: 'm' };
  const made = { kind: 'VirtualMachineSnapshot', name: 's' };
  const { asked, others } = joinTasks([job(item('web', { made }))], [foreign]);
  expect(others).toEqual([foreign]);
  expect(asked[0]).toMatchObject({ state: 'succeeded', items: [{ made: undefined }] });
});

test.each([
  ['Succeeded', 'InProgress', 'running'],
  ['Succeeded', 'Failed', 'failed'],
  ['Succeeded', 'Succeeded', 'succeeded'],
])('a job whose objects are %s and %s is %s', (first, second, state) => {
  const kind = 'VirtualMachineSnapshot';
  const of = job(
    item('a', { made: { kind, name: 'one' } }),
    item('b', { made: { kind, name: 'two' } }),
  );
  const { asked } = joinTasks([of], [snapshot('one', first), snapshot('two', second)]);
  expect(asked[0]).toMatchObject({ state });
});

test('a refused request has failed, whatever there is', () => {
  const { asked } = joinTasks([job(item('a', { state: 'failed' }), item('b'))], []);
  expect(asked[0]).toMatchObject({ state: 'failed' });
});
