import { expect, test } from 'vitest';
import { formatMetric } from './formatMetric';

test.each([
  [0, 'cores', '0'],
  [0.123, 'cores', '0.12'],
  [0.00001, 'cores', '0'],
  [312.4, 'perSecond', '312/s'],
  [1_234_567, 'bytesPerSecond', '1.18 MiB/s'],
  [0.2, 'bytes', '0 B'],
  [0.00025, 'seconds', '250 µs'],
  [0.0123, 'seconds', '12 ms'],
] as const)('%s %s is shown as %s', (value, unit, text) => {
  expect(formatMetric(value, unit)).toBe(text);
});
