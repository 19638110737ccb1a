import { expect, test } from 'vitest';

import { patchMap } from './patchMap';
import { formatPairs, parsePairs } from './pairs';
import { shellQuote } from './shellQuote';

test('only what was touched is patched, each with a test of what was seen', () => {
  const before = { keep: '1', 'a/b': 'old', gone: 'x' };
  expect(patchMap('/metadata/labels', before, { keep: '1', 'a/b': 'new', more: 'y' })).toEqual([
    { op: 'test', path: '/metadata/labels/a~1b', value: 'old' },
    { op: 'replace', path: '/metadata/labels/a~1b', value: 'new' },
    { op: 'test', path: '/metadata/labels/gone', value: 'x' },
    { op: 'remove', path: '/metadata/labels/gone' },
    { op: 'add', path: '/metadata/labels/more', value: 'y' },
  ]);
  expect(patchMap('/metadata/labels', before, before)).toEqual([]);
});

test('a map that is not there is made', () => {
  expect(patchMap('/m', undefined, { a: '1' })).toEqual([
    { op: 'add', path: '/m', value: { a: '1' } },
  ]);
  expect(patchMap('/m', undefined, {})).toEqual([]);
});

test('pairs survive being written and read', () => {
  const pairs = { b: 'x=y', a: 'two\nlines \\n', empty: '' };
  expect(parsePairs(formatPairs(pairs))).toEqual(pairs);
  expect(parsePairs(' key = v \n\nbare')).toEqual({ key: ' v ', bare: '' });
});

test('a shell gets each word whole', () => {
  expect(shellQuote('web-1')).toBe('web-1');
  expect(shellQuote("it's $HOME")).toBe(`'it'\\''s $HOME'`);
});
