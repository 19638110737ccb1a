import { expect, test } from 'vitest';

import { noSelection, selectionAll, selectionExtend, selectionToggle } from './rowSelection';

const rows = ['a', 'b', 'c', 'd'];

test('a row is selected and taken out again', () => {
  const one = selectionToggle(noSelection, 'b');
  expect([...one.keys]).toEqual(['b']);
  expect([...selectionToggle(one, 'b').keys]).toEqual([]);
});

test('a range goes from the last single row, in either direction, and keeps what was there', () => {
  const one = selectionToggle(noSelection, 'c');
  const up = selectionExtend(one, rows, 'a');
  expect([...up.keys].sort()).toEqual(['a', 'b', 'c']);
  expect([...selectionExtend(up, rows, 'd').keys].sort()).toEqual(rows);
});

test('without an anchor among the rows a range is the row itself', () => {
  expect([...selectionExtend(noSelection, rows, 'b').keys]).toEqual(['b']);
  const gone = selectionToggle(noSelection, 'x');
  expect(selectionExtend(gone, rows, 'b')).toEqual({ keys: new Set(['x', 'b']), anchor: 'b' });
});

test('all that are shown, and none again', () => {
  const all = selectionAll(noSelection, rows);
  expect(all.keys.size).toBe(4);
  expect(selectionAll(all, rows).keys.size).toBe(0);
});
