import { describe, expect, it } from 'vitest';
import { formatBytes, parseQuantity, toQuantity } from '~/k8s/quantity';

describe('parseQuantity', () => {
  it.each([
    ['1Gi', 2 ** 30],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['1G', 1e9],
    ['500m', 0.5],
    ['2', 2],
    ['1e3', 1000],
    ['1E', 1e18],
    [' 4Ki ', 4096],
  ])('%s', (quantity, expected) => {
    expect(parseQuantity(quantity)).toBeCloseTo(expected);
  });

  it.each(['', '1GB', 'Gi', 'x', '1 Gi', undefined])('refuses %s', (quantity) => {
    expect(parseQuantity(quantity)).toBeUndefined();
  });
});

it.each([
  [2 ** 30, '1 GiB'],
  [1.5 * 2 ** 40, '1.5 TiB'],
  [512, '512 B'],
  [0, '0 B'],
  [10.123 * 2 ** 20, '10.12 MiB'],
])('formats %d as %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

it.each([
  [2 ** 30, '1Gi'],
  [1.5 * 2 ** 30, '1536Mi'],
  [1000, '1000'],
  [0, '0'],
])('writes %d as %s', (bytes, expected) => {
  expect(toQuantity(bytes)).toBe(expected);
});
