import { expect, it } from 'vitest';

import { freeAddress, podCidr } from './addresses.ts';

it('gives each node its own network', () => {
  expect(podCidr(0)).toBe('127.64.0.0/16');
  expect(podCidr(63)).toBe('127.127.0.0/16');
});

it('gives the next address that is free, and begins again at the end', () => {
  expect(freeAddress('127.64.0.0/16', new Set())).toBe('127.64.0.2');
  const taken = new Set(Array.from({ length: 254 }, (_, index) => `127.64.0.${index + 2}`));
  expect(freeAddress('127.64.0.0/16', taken)).toBe('127.64.1.0');
  expect(freeAddress('127.64.0.0/16', new Set(), '127.64.0.2')).toBe('127.64.0.3');
  expect(freeAddress('127.64.0.0/16', new Set(['127.64.0.2']), '127.64.255.254')).toBe(
    '127.64.0.3',
  );
});
