import { expect, test } from 'vitest';

import type { VmStatus } from '~/kubevirt/vmStatus';

import { filterRows, formatListState, parseListState, createRowSort } from './vmListState';
import { naturalOrder, type VmListRow } from '~/kubevirt/vmRow';

function row(namespace: string, name: string, status: VmStatus, more: Partial<VmListRow> = {}) {
  return {
    key: `${namespace}/${name}`,
    namespace,
    name,
    status,
    runStrategy: 'Always',
    created: '2026-01-01T00:00:00Z',
    problem: undefined,
    ownedDataVolumes: [],
    nameOrder: naturalOrder(name),
    vmiPhase: undefined,
    node: '',
    ip: '',
    moreIps: [],
    ipOrder: naturalOrder(more.ip ?? ''),
    ...more,
  } satisfies VmListRow;
}

const rows = [
  row('a', 'web-10', 'Running', { ip: '10.0.0.10', node: 'n1' }),
  row('a', 'web-9', 'Stopped'),
  row('b', 'db', 'Running', { ip: '10.0.0.9', node: 'n1' }),
];
const names = (some: readonly VmListRow[]) => some.map((one) => one.name);

test('the URL holds the state and nothing that is a default', () => {
  expect(formatListState(parseListState(''), '')).toBe('');
  const url = '?name=web&status=Running&status=Stopped&project=a&sortBy=ip&orderBy=desc';
  expect(formatListState(parseListState(url), url)).toBe(url);
  expect(formatListState(parseListState(''), '?perspective=admin&name=x')).toBe(
    '?perspective=admin',
  );
  expect(parseListState('?sortBy=nonsense').sort.column).toBe('name');
});

test('filters work together and each counts what it would show', () => {
  const state = { ...parseListState('?status=Running'), name: 'WEB' };
  const result = filterRows(rows, state);
  expect(names(result.rows)).toEqual(['web-10']);
  expect(result.statuses).toEqual([
    { value: 'Running', count: 1 },
    { value: 'Stopped', count: 1 },
  ]);
  expect(result.projects).toEqual([{ value: 'a', count: 1 }]);
});

test('a chosen status without rows stays choosable', () => {
  const result = filterRows(rows, parseListState('?status=Paused'));
  expect(result.rows).toEqual([]);
  expect(result.statuses).toContainEqual({ value: 'Paused', count: 0 });
});

test('names and addresses sort by number; missing values come last both ways', () => {
  expect(names(createRowSort()(rows, { column: 'name', direction: 'asc' }))).toEqual([
    'db',
    'web-9',
    'web-10',
  ]);
  expect(names(createRowSort()(rows, { column: 'ip', direction: 'asc' }))).toEqual([
    'db',
    'web-10',
    'web-9',
  ]);
  expect(names(createRowSort()(rows, { column: 'ip', direction: 'desc' }))).toEqual([
    'web-10',
    'db',
    'web-9',
  ]);
});

test('ten thousand rows sort by number', () => {
  const many = Array.from({ length: 10_000 }, (_, i) =>
    row('n', `vm-${(i * 7919) % 10_000}`, 'Running'),
  );
  const sorted = createRowSort()(many, { column: 'name', direction: 'asc' });
  expect(sorted[9]?.name).toBe('vm-9');
  expect(sorted[9_999]?.name).toBe('vm-9999');
});

test('what was sorted before takes new, changed and missing rows into its order', () => {
  const sort = createRowSort();
  const byName = { column: 'name', direction: 'asc' } as const;
  const first = ['b-3', 'a', 'b-20', 'c'].map((name) => row('n', name, 'Running'));
  sort(first, byName);
  const changed = { ...row('n', 'b-20', 'Stopped') };
  const next = [...first.filter(({ name }) => name !== 'a' && name !== 'b-20'), changed];
  const added = [row('n', 'd', 'Running'), row('n', 'b-4', 'Running')];
  const sorted = sort([...added, ...next], byName);
  expect(names(sorted)).toEqual(['b-3', 'b-4', 'b-20', 'c', 'd']);
  expect(sorted[2]).toBe(changed);
  expect(names(sort(next, { column: 'name', direction: 'desc' }))).toEqual(['c', 'b-20', 'b-3']);
});
