import { expect, test } from 'vitest';

import { vmListRow } from '../vmListRow';
import { toVmiRow, toVmRow } from '../vmRow';
import { completeSearch } from './completeSearch';
import { compileSearch, parseSearch, quoteSearchValue } from './search';

const now = Date.parse('2026-06-10T00:00:00Z');

function row(name: string, parts: { memory?: string; cores?: number; ip?: string } = {}) {
  const { memory = '1Gi', cores = 1, ip } = parts;
  const domain = { devices: {}, cpu: { cores }, memory: { guest: memory } };
  const metadata = {
    namespace: name.startsWith('shop') ? 'shop' : 'lab',
    name,
    creationTimestamp: name === 'old' ? '2025-01-01T00:00:00Z' : '2026-06-09T12:00:00Z',
    labels: { app: 'web store', tier: name },
  };
  const vm = toVmRow({
    metadata,
    spec: { template: { spec: { domain } } },
    status: { printableStatus: ip === undefined ? 'Stopped' : 'Running' },
  });
  const status = {
    phase: 'Running',
    nodeName: 'node-1',
    interfaces: [{ ipAddress: ip ?? '', mac: '02:00:00:00:00:01' }],
    guestOSInfo: { prettyName: 'Fedora Linux 44' },
  };
  return vmListRow(
    vm,
    ip === undefined ? undefined : toVmiRow({ metadata, spec: { domain }, status }),
  );
}

const rows = [
  row('shop-db', { memory: '8Gi', cores: 4, ip: '10.1.0.5' }),
  row('shop-web', { ip: '10.2.0.6' }),
  row('old'),
];

function found(text: string): string[] {
  const { matches, mistakes } = compileSearch(text, now);
  expect(mistakes).toEqual([]);
  return rows.filter(matches).map(({ name }) => name);
}

test.each([
  ['', ['shop-db', 'shop-web', 'old']],
  ['web', ['shop-db', 'shop-web', 'old']],
  ['shop -db', ['shop-web']],
  ['name:web', ['shop-web']],
  ['name=old', ['old']],
  ['status:run,stop -name:db', ['shop-web', 'old']],
  ['-project:shop', ['old']],
  ['ip:10.1', ['shop-db']],
  ['ip:10.2.0.0/16', ['shop-web']],
  ['mac:02:00 node:node-1', ['shop-db', 'shop-web']],
  ['os:"fedora linux" memory>=8g', ['shop-db']],
  ['memory<8GiB', ['shop-web', 'old']],
  ['cpu>2', ['shop-db']],
  ['cpu:1', ['shop-web', 'old']],
  ['age>7d', ['old']],
  ['age<1d', ['shop-db', 'shop-web']],
  ['created:2025', ['old']],
  ['created>2026-01-01', ['shop-db', 'shop-web']],
  ['label:"app=web store" label:tier=old', ['old']],
  ['is:running', ['shop-db', 'shop-web']],
  ['status:', ['shop-db', 'shop-web', 'old']],
  ['10.1.0.5', ['shop-db']],
])('%s finds %j', (text, names) => {
  expect(found(text)).toEqual(names);
});

test('what cannot be understood is told with an example, and the rest still counts', () => {
  const { matches, mistakes } = compileSearch('cpu>many name:db is:nice', now);
  expect(mistakes).toEqual([
    { term: 'cpu>many', example: 'cpu>=4' },
    { term: 'is:nice', example: expect.stringContaining('is:running') },
  ]);
  expect(rows.filter(matches).map(({ name }) => name)).toEqual(['shop-db']);
});

test('terms say where they stand, also with a quote left open', () => {
  expect(parseSearch('a -name:"b c')).toMatchObject([
    { start: 0, end: 1, field: undefined, values: ['a'] },
    { start: 2, end: 12, isNegated: true, field: { name: 'name' }, values: ['b c'] },
  ]);
});

test('fields are offered, and then what rows have, the most frequent first', () => {
  expect(completeSearch('web sta', 7, rows)).toMatchObject([
    { label: 'status', text: 'web status:', cursor: 11 },
  ]);
  expect(completeSearch('-status:', 8, rows)).toMatchObject([
    { label: 'Running', text: '-status:Running', count: 2 },
    { label: 'Stopped', text: '-status:Stopped', count: 1 },
  ]);
  expect(completeSearch('os:fed x', 6, rows)).toMatchObject([
    { text: 'os:"Fedora Linux 44" x', count: 2 },
  ]);
  expect(completeSearch('cpu>', 4, rows)).toEqual([]);
});

test('values with spaces are quoted', () => {
  expect(quoteSearchValue('a b')).toBe('"a b"');
  expect(quoteSearchValue('a')).toBe('a');
});
