import { expect, it } from 'vitest';

import { freeAddress, podCidr } from './addresses.ts';

it('gives each node its own network', () => {
  expect(podCidr(0)).toBe('127.64.0.0/16');
  expect(podCidr(63)).toBe('127.127.0.0/16');
});

it('gives the next address that is free, and begins again at the end', () => {
  const taken = new Set(Array.from({ length: 254 }, (_, index) => `127.64.0.${index + 2}`));
  const none = () => false;
  expect(freeAddress('127.64.0.0/16', none)).toBe('127.64.0.2');
  expect(freeAddress('127.64.0.0/16', (one) => taken.has(one))).toBe('127.64.1.0');
  expect(freeAddress('127.64.0.0/16', none, '127.64.0.2')).toBe('127.64.0.3');
  const isFirst = (one: string) => one === '127.64.0.2';
  expect(freeAddress('127.64.0.0/16', isFirst, '127.64.255.254')).toBe('127.64.0.3');
});
