import { expect, test } from 'vitest';

import { enforceNamespace, QueryError } from './enforceNamespace.ts';

const here = 'namespace="mine"';

test.each([
  ['up', `up{${here}}`],
  ['up{}', `up{${here}}`],
  ['{job="a"}', `{${here},job="a"}`],
  ['up{job="a",}', `up{${here},job="a",}`],
  // Both have to hold, so that nothing is found.
  ['up{namespace="other"}', `up{${here},namespace="other"}`],
  ['up{namespace=~".*"}', `up{${here},namespace=~".*"}`],
  ['rate(up[5m] offset 1h)', `rate(up{${here}}[5m] offset 1h)`],
  ['up @ start()', `up{${here}} @ start()`],
  ['max_over_time(rate(x[5m])[1h:1m])', `max_over_time(rate(x{${here}}[5m])[1h:1m])`],
  [
    'sum by (namespace) (a / on (name) group_left b{c="}"} or d)',
    `sum by (namespace) (a{${here}} / on (name) group_left b{${here},c="}"} or d{${here}})`,
  ],
  ['a # b {\n + c', `a{${here}} # b {\n + c{${here}}`],
  ['{`a{b`="c"}', `{${here},\`a{b\`="c"}`],
  ['label_replace(up, "x", "{up}", "", "")', `label_replace(up{${here}}, "x", "{up}", "", "")`],
  ['vector(1)', 'vector(1)'],
  ['up{', undefined],
  ['up) or (up', undefined],
  ['up{a="b" or c="d"}', undefined],
  ['', undefined],
])('%s', (query, expected) => {
  if (expected === undefined) {
    expect(() => enforceNamespace(query, 'mine')).toThrow(QueryError);
  } else {
    expect(enforceNamespace(query, 'mine')).toBe(expected);
  }
});

test('a name cannot end its quotes', () => {
  expect(enforceNamespace('up', 'a"} or up{b="')).toBe('up{namespace="a\\"} or up{b=\\""}');
});
