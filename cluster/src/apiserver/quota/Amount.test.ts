import { expect, test } from 'vitest';
import { add, formatAmount, parseAmount, zero } from './Amount.ts';

test.each([
  ['100m', '100m'],
  ['0.1', '100m'],
  ['1.5', '1500m'],
  ['2', '2'],
  ['1000', '1k'],
  ['1024', '1024'],
  ['1Gi', '1Gi'],
  ['1024Mi', '1Gi'],
  ['1536Mi', '1536Mi'],
  ['0.5Gi', '512Mi'],
  ['512Ki', '512Ki'],
  ['100Ki', '100Ki'],
  ['1e3', '1k'],
  ['35M', '35M'],
  ['0', '0'],
  ['1n', '1m'],
])('%s is written %s', (text, written) => {
  expect(formatAmount(parseAmount(text) ?? zero)).toBe(written);
});

test.each(['', 'abc', '1.2.3', '1Xi', '-'])('"%s" is no quantity', (text) => {
  expect(parseAmount(text)).toBeUndefined();
});

test('a sum keeps the suffixes of its first part', () => {
  const sum = (...texts: string[]) =>
    formatAmount(texts.map((text) => parseAmount(text) ?? zero).reduce(add, zero));
  expect(sum('1Gi', '512Mi')).toBe('1536Mi');
  expect(sum('500m', '1')).toBe('1500m');
});
