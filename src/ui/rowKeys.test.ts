import { expect, test } from 'vitest';

import { nextIndex } from './rowKeys';

test('keys move within the rows and stop at both ends', () => {
  expect(nextIndex('ArrowDown', 0, 10, 4)).toBe(1);
  expect(nextIndex('ArrowDown', 9, 10, 4)).toBe(9);
  expect(nextIndex('ArrowUp', 0, 10, 4)).toBe(0);
  expect(nextIndex('PageDown', 3, 10, 4)).toBe(7);
  expect(nextIndex('PageDown', 8, 10, 4)).toBe(9);
  expect(nextIndex('PageUp', 2, 10, 4)).toBe(0);
  expect(nextIndex('Home', 5, 10, 4)).toBe(0);
  expect(nextIndex('End', 5, 10, 4)).toBe(9);
});

test('other keys do nothing', () => {
  expect(nextIndex('a', 5, 10, 4)).toBeUndefined();
  expect(nextIndex('Enter', 5, 10, 4)).toBeUndefined();
});
