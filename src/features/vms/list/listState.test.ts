import { expect, test } from 'vitest';

import { vmListRow, type VmListRow } from '~/kubevirt/vmListRow';
import { toVmiRow, toVmRow } from '~/kubevirt/vmRow';
import type { VmStatus } from '~/kubevirt/vmStatus';

import { chosenColumns, parseColumnChoice } from './columnChoice';
import { toCsv } from './csv';
import { facetOptions, rowFilter } from './facets';
import { formatListState, isFiltered, parseListState, withFilter } from './listState';
import { createRowSort, type RowOrder } from './rowSort';
import { parseSavedSearches, withSearch } from './savedSearches';

function row(namespace: string, name: string, status: VmStatus, ip = ''): VmListRow {
  const spec = { domain: { devices: {} } };
  const metadata = { namespace, name };
  const vm = toVmRow({
    metadata,
    spec: { template: { spec } },
    status: { printableStatus: status },
  });
  const interfaces = [{ ipAddress: ip }];
  return vmListRow(
    vm,
    ip === '' ? undefined : toVmiRow({ metadata, spec, status: { interfaces, nodeName: 'n1' } }),
  );
}

const rows = [
  row('a', 'web-10', 'Running', '10.0.0.10'),
  row('a', 'web-9', 'Stopped'),
  row('b', 'db', 'Running', '10.0.0.9'),
];
const names = (some: readonly VmListRow[]) => some.map((one) => one.name);
const byName: RowOrder = (one) => one.nameOrder;
const byIp: RowOrder = (one) => one.ipOrder;

test('the URL holds the state and nothing that is a default', () => {
  expect(formatListState(parseListState(''), '')).toBe('');
  const url =
    '?name=web&q=os%3Alinux&q=age%3E1d&status=Running&status=Stopped&project=a&sortBy=ip&orderBy=desc';
  expect(formatListState(parseListState(url), url)).toBe(url);
  expect(formatListState(parseListState(''), '?perspective=admin&name=x')).toBe(
    '?perspective=admin',
  );
  expect(isFiltered(parseListState('?sortBy=ip'))).toBe(false);
});

test('the URL holds the columns, their order and their widths', () => {
  const url = '?columns=name,ip,status&widths=name%3A240,ip%3A90';
  const state = parseListState(url);
  expect(state.columns).toEqual({
    shown: ['name', 'ip', 'status'],
    widths: { name: 240, ip: 90 },
  });
  expect(formatListState(state, '?view=screens')).toBe(url);
  expect(parseListState('?widths=name:240,ip:many,:9').columns).toEqual({
    shown: undefined,
    widths: { name: 240 },
  });
  expect(parseListState('').columns).toBeUndefined();
});

test('search and filters work together and each filter counts what it would show', () => {
  const state = { ...parseListState('?status=Running&q=-db'), text: 'WEB' };
  expect(names(rows.filter(rowFilter(state, 0).matches))).toEqual(['web-10']);
  expect(facetOptions(rows, state, 'status', 0)).toEqual([
    { value: 'Running', count: 1 },
    { value: 'Stopped', count: 1 },
  ]);
  expect(facetOptions(rows, state, 'project', 0)).toEqual([{ value: 'a', count: 1 }]);
});

test('a chosen value without rows stays choosable', () => {
  const state = parseListState('?status=Paused');
  expect(rows.filter(rowFilter(state, 0).matches)).toEqual([]);
  expect(facetOptions(rows, state, 'status', 0)).toContainEqual({ value: 'Paused', count: 0 });
  expect(withFilter(state, 'status', []).filters.status).toEqual([]);
});

test('names and addresses sort by number; missing values come last both ways', () => {
  const sorted = (order: RowOrder, direction: 'asc' | 'desc') =>
    names(createRowSort()(rows, { order, direction }));
  expect(sorted(byName, 'asc')).toEqual(['db', 'web-9', 'web-10']);
  expect(sorted(byIp, 'asc')).toEqual(['db', 'web-10', 'web-9']);
  expect(sorted(byIp, 'desc')).toEqual(['web-10', 'db', 'web-9']);
  expect(sorted((one) => (one.name === 'db' ? undefined : one.name.length), 'asc')).toEqual([
    'web-9',
    'web-10',
    'db',
  ]);
});

test('what was sorted before takes new, changed and missing rows into its order', () => {
  const sort = createRowSort();
  const first = ['b-3', 'a', 'b-20', 'c'].map((name) => row('n', name, 'Running'));
  sort(first, { order: byName, direction: 'asc' });
  const changed = row('n', 'b-20', 'Stopped');
  const next = [...first.filter(({ name }) => name !== 'a' && name !== 'b-20'), changed];
  const added = [row('n', 'd', 'Running'), row('n', 'b-4', 'Running')];
  const sorted = sort([...added, ...next], { order: byName, direction: 'asc' });
  expect(names(sorted)).toEqual(['b-3', 'b-4', 'b-20', 'c', 'd']);
  expect(sorted[2]).toBe(changed);
  expect(names(sort(next, { order: byName, direction: 'desc' }))).toEqual(['c', 'b-20', 'b-3']);
});

test('columns come in the order that was chosen, without those that are no more', () => {
  const all = ['a', 'b', 'c'].map((id) => ({ id, isDefault: id !== 'b' }));
  const ids = (json: unknown) => chosenColumns(all, parseColumnChoice(json)).map(({ id }) => id);
  expect(ids(undefined)).toEqual(['a', 'c']);
  expect(ids({ shown: ['c', 'gone', 'b'] })).toEqual(['c', 'b']);
  expect(ids({ shown: 'nonsense' })).toEqual(['a', 'c']);
  expect(parseColumnChoice({ widths: { a: 90, b: 'wide', c: 3 } }).widths).toEqual({ a: 90 });
});

test('a saved search replaces the one of its name', () => {
  const searches = parseSavedSearches([{ name: 'b', query: '?q=1' }, { name: 3 }, null]);
  const more = withSearch(withSearch(searches, { name: 'a', query: '' }), {
    name: 'b',
    query: '?',
  });
  expect(more).toEqual([
    { name: 'a', query: '' },
    { name: 'b', query: '?' },
  ]);
});

test('a file for spreadsheets quotes what must be and starts no formula', () => {
  const columns = [
    { title: 'Name', text: (one: VmListRow) => one.name },
    { title: 'A, "b"', text: () => '=1+1' },
  ];
  expect(toCsv(columns, rows.slice(0, 1))).toBe('Name,"A, ""b"""\r\nweb-10,\'=1+1\r\n');
});
