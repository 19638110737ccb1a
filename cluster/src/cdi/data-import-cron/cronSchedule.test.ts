import { expect, test } from 'vitest';

import { nextTime } from './cronSchedule.ts';

const after = Date.parse('2026-03-04T10:20:30Z');
const next = (expression: string) => {
  const time = nextTime(expression, after);
  return time === undefined ? undefined : new Date(time).toISOString();
};

test.for([
  ['* * * * *', '2026-03-04T10:21:00.000Z'],
  ['30 1/12 * * *', '2026-03-04T13:30:00.000Z'],
  ['0 0 * * *', '2026-03-05T00:00:00.000Z'],
  ['0 3 1 * *', '2026-04-01T03:00:00.000Z'],
  ['15 6 * * mon', '2026-03-09T06:15:00.000Z'],
  ['0 0 1 jul *', '2026-07-01T00:00:00.000Z'],
  // A day of the month or of the week, when both are given.
  ['0 0 13 * 5', '2026-03-06T00:00:00.000Z'],
  ['@daily', '2026-03-05T00:00:00.000Z'],
  ['@midnight', '2026-03-05T00:00:00.000Z'],
  ['@monthly', '2026-04-01T00:00:00.000Z'],
] as const)('%s comes next at %s', ([expression, time]) => {
  expect(next(expression)).toBe(time);
});

test.for([
  '',
  'daily',
  '* * * *',
  '* * * * * *',
  '61 * * * *',
  '0 0 L * *',
  '0 0 * * 1#2',
  '@never',
])('"%s" is no schedule', (expression) => {
  expect(next(expression)).toBeUndefined();
});
