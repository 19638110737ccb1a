import { expect, test } from 'vitest';

import { rangeOf } from './rangeOf.ts';

test.for([
  [undefined, undefined],
  ['bytes=0-9', { start: 0, end: 10 }],
  ['bytes=90-', { start: 90, end: 100 }],
  ['bytes=90-500', { start: 90, end: 100 }],
  ['bytes=-10', { start: 90, end: 100 }],
  ['bytes=100-', undefined],
  ['bytes=9-3', undefined],
  ['bytes=0-1,5-6', undefined],
  ['lines=1-2', undefined],
] as const)('%s of 100 bytes is %j', ([header, expected]) => {
  expect(rangeOf(header, 100)).toEqual(expected);
});
