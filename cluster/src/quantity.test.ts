import { expect, it } from 'vitest';

import { formatBytes, formatCores, parseQuantity } from './quantity.ts';

it('reads quantities', () => {
  expect(parseQuantity('512Mi')).toBe(512 * 2 ** 20);
  expect(parseQuantity('1.5Gi')).toBe(1.5 * 2 ** 30);
  expect(parseQuantity('250m')).toBe(0.25);
  expect(parseQuantity('1e3')).toBe(1000);
  expect(parseQuantity('2G')).toBe(2e9);
  expect(parseQuantity('')).toBeUndefined();
  expect(parseQuantity('12 apples')).toBeUndefined();
  expect(parseQuantity('1KB')).toBeUndefined();
});

it('writes bytes and cores', () => {
  expect(formatBytes(2 ** 30)).toBe('1Gi');
  expect(formatBytes(1536 * 2 ** 20)).toBe('1536Mi');
  expect(formatBytes(1500)).toBe('1500');
  expect(formatCores(0.1)).toBe('100m');
  expect(formatCores(4)).toBe('4');
});
