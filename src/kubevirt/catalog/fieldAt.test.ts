import fc from 'fast-check';
import { expect, it } from 'vitest';

import { readAt, writeAt } from './fieldAt';

it('writes one place and leaves all else as it is', () => {
  const object = { spec: { cpu: { guest: 2, unknown: [1] } }, future: true };
  expect(writeAt(object, ['spec', 'memory', 'guest'], '1Gi')).toEqual({
    spec: { cpu: { guest: 2, unknown: [1] }, memory: { guest: '1Gi' } },
    future: true,
  });
  expect(object).toEqual({ spec: { cpu: { guest: 2, unknown: [1] } }, future: true });
});

it('takes away what becomes empty, and nothing more', () => {
  const object = { spec: { cpu: { guest: 2 }, memory: { guest: '1Gi', maxGuest: '2Gi' } } };
  expect(writeAt(object, ['spec', 'cpu', 'guest'], undefined)).toEqual({
    spec: { memory: { guest: '1Gi', maxGuest: '2Gi' } },
  });
  expect(writeAt({ a: 1 }, ['b', 'c'], undefined)).toEqual({ a: 1 });
});

it('reads what it has written, whatever the object', () => {
  const key = fc.string({ minLength: 1 }).filter((one) => one !== '__proto__');
  fc.assert(
    fc.property(
      fc.dictionary(key, fc.jsonValue()),
      fc.array(key, { minLength: 1, maxLength: 4 }),
      fc.string(),
      (object, path, value) => {
        expect(readAt(writeAt(object, path, value), path)).toBe(value);
      },
    ),
  );
});
