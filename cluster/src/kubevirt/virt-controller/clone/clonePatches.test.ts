import { expect, test } from 'vitest';

import { passes } from './clonePatches.ts';

test.for([
  [['*'], 'app', true],
  [['*', '!some/*'], 'some/key', false],
  [['*', '!some/*'], 'other', true],
  [['kept'], 'kept', true],
  [['kept'], 'kept-not', false],
  [['pre*'], 'prefix', true],
  [['!gone'], 'stays', true],
  [['!gone'], 'gone', false],
  [[], 'any', false],
] as const)('the filters %j let %s pass: %s', ([filters, key, expected]) => {
  expect(passes(filters, key)).toBe(expected);
});
