import { expect, test } from 'vitest';

import { parseDurationSeconds } from './duration.ts';

test.each([
  ['5m0s', 300],
  ['1h30m', 5400],
  ['1.5s', 1.5],
  ['250ms', 0.25],
  ['0', 0],
  ['', undefined],
  ['5', undefined],
  ['5 minutes', undefined],
  ['m5', undefined],
])('the duration %j is %j seconds', (text, seconds) => {
  expect(parseDurationSeconds(text)).toBe(seconds);
});
