import { expect, it } from 'vitest';
import { mergeChanges } from './mergeChanges';

const base = { cpu: 1, memory: '1Gi', disks: [{ name: 'a', bus: 'sata' }, { name: 'b' }] };

it('joins changes of different places', () => {
  const mine = { ...base, cpu: 2 };
  const theirs = { ...base, memory: '2Gi' };
  expect(mergeChanges(base, mine, theirs)).toEqual({
    merged: { ...base, cpu: 2, memory: '2Gi' },
    conflicts: [],
  });
});

it('tells where both changed the same, and keeps mine', () => {
  const { merged, conflicts } = mergeChanges(base, { ...base, cpu: 2 }, { ...base, cpu: 4 });
  expect(merged.cpu).toBe(2);
  expect(conflicts).toEqual([{ path: ['cpu'], base: 1, mine: 2, theirs: 4 }]);
});

it('has no conflict where both changed to the same', () => {
  expect(mergeChanges(base, { ...base, cpu: 2 }, { ...base, cpu: 2 }).conflicts).toEqual([]);
});

it('joins lists by the names of their elements', () => {
  const mine = { ...base, disks: [{ name: 'a', bus: 'virtio' }, { name: 'b' }] };
  const theirs = { ...base, disks: [{ name: 'a', bus: 'sata' }, { name: 'c' }] };
  expect(mergeChanges(base, mine, theirs)).toEqual({
    merged: { ...base, disks: [{ name: 'a', bus: 'virtio' }, { name: 'c' }] },
    conflicts: [],
  });
});

it('asks when one removed what the other changed', () => {
  const mine = { ...base, disks: [{ name: 'a', bus: 'virtio' }, { name: 'b' }] };
  const theirs = { ...base, disks: [{ name: 'b' }] };
  expect(mergeChanges(base, mine, theirs).conflicts).toMatchObject([
    { path: ['disks', 'a'], theirs: undefined },
  ]);
});

it('keeps the order that one side chose', () => {
  const mine = { ...base, disks: [{ name: 'b' }, { name: 'a', bus: 'sata' }] };
  const theirs = { ...base, disks: [...base.disks, { name: 'c' }] };
  expect(mergeChanges(base, mine, theirs).merged.disks.map(({ name }) => name)).toEqual([
    'b',
    'a',
    'c',
  ]);
});
