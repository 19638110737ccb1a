import { expect, test } from 'vitest';

import { isTrue } from './requestOptions.ts';

test.each([
  [null, false],
  ['false', false],
  ['False', false],
  ['0', false],
  ['', true],
  ['true', true],
  ['1', true],
  ['maybe', true],
])('the parameter %j is %s, as kube-apiserver reads it', (value, expected) => {
  expect(isTrue(value)).toBe(expected);
});
