import { expect, test } from 'vitest';
import { parsePrometheus } from './prometheus';

test('a matrix becomes series with numbers', () => {
  const [series] = parsePrometheus({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: { series: 'read' },
          values: [
            [10, '1.5'],
            [20, 'NaN'],
            [30, '+Inf'],
          ],
        },
      ],
    },
  });
  expect(series?.labels).toEqual({ series: 'read' });
  expect(series?.points).toEqual([
    [10, 1.5],
    [20, NaN],
    [30, Infinity],
  ]);
});

test('a vector becomes series of one point', () => {
  const result = [{ metric: {}, value: [10, '2'] }];
  expect(parsePrometheus({ status: 'success', data: { resultType: 'vector', result } })).toEqual([
    { labels: {}, points: [[10, 2]] },
  ]);
});

test('a query that failed is told in the words of Prometheus', () => {
  const answer = { status: 'error', errorType: 'bad_data', error: 'invalid parameter "query"' };
  expect(() => parsePrometheus(answer)).toThrow('invalid parameter "query"');
});

test('what is not an answer of Prometheus is refused', () => {
  expect(() => parsePrometheus('<html>')).toThrow('not one of Prometheus');
});
