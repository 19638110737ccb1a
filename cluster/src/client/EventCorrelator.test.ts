import { expect, test } from 'vitest';

import { EventCorrelator } from './EventCorrelator.ts';

function correlator() {
  let now = 0;
  const clock = { now: () => now } as ConstructorParameters<typeof EventCorrelator>[0];
  const events = new EventCorrelator(clock);
  return {
    tell: (message: string, uid = 'web', reason = 'FailedCreate') =>
      events.correlate({ uid, type: 'Warning', reason, message }),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('the same message is the same event', () => {
  const { tell } = correlator();
  expect(tell('full')?.key).toBe(tell('full')?.key);
  expect(tell('full')?.message).toBe('full');
});

test('from the tenth message of a reason on they are one event', () => {
  const { tell } = correlator();
  const keys = Array.from({ length: 12 }, (_, index) => tell(`pod-${index}`));
  expect(new Set(keys.slice(0, 9).map((event) => event?.key)).size).toBe(9);
  expect(new Set(keys.slice(9).map((event) => event?.key)).size).toBe(1);
  expect(keys[11]?.message).toBe('(combined from similar events): pod-11');
  expect(tell('other', 'web', 'Started')?.message).toBe('other');
});

test('ten minutes later they are told one by one again', () => {
  const { tell, pass } = correlator();
  for (let index = 0; index < 12; index++) tell(`pod-${index}`);
  pass(600_001);
  expect(tell('pod-12')?.message).toBe('pod-12');
});

test('an object that goes on is heard once in five minutes, others at once', () => {
  const { tell, pass } = correlator();
  for (let index = 0; index < 25; index++) expect(tell('full')).toBeDefined();
  expect(tell('full')).toBeUndefined();
  expect(tell('full', 'db')).toBeDefined();
  pass(300_000);
  expect(tell('full')).toBeDefined();
  expect(tell('full')).toBeUndefined();
});
