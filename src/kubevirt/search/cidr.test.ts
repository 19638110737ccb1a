import { expect, test } from 'vitest';

import { inCidr } from './cidr';

test.each([
  ['10.0.0.0/8', '10.200.1.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['192.168.1.128/25', '192.168.1.200', true],
  ['192.168.1.128/25', '192.168.1.20', false],
  ['0.0.0.0/0', '8.8.8.8', true],
  ['fd00:10::/32', 'fd00:10::7', true],
  ['fd00:10::/32', 'fd00:11::7', false],
  ['10.0.0.0/8', 'fd00::1', false],
])('%s and %s: %s', (cidr, address, isInside) => {
  expect(inCidr(cidr)?.(address)).toBe(isInside);
});

test.each(['10.0.0.0', '10.0.0/8', '10.0.0.0/33', '300.0.0.0/8', 'x/8', '::1::/8'])(
  '%s is no network',
  (text) => {
    expect(inCidr(text)).toBeUndefined();
  },
);
