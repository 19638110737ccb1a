import { expect, test } from 'vitest';

import { yamlLine } from './yamlLine';

const kinds = (line: string) => yamlLine(line).map((part) => [part.kind, part.text]);

test('keys, texts and literals are told apart', () => {
  expect(kinds('  name: fedora')).toEqual([
    ['plain', '  '],
    ['key', 'name'],
    ['plain', ':'],
    ['string', ' fedora'],
  ]);
  expect(kinds('cores: 2').at(-1)).toEqual(['literal', ' 2']);
  expect(kinds('  - name: x')[1]).toEqual(['key', 'name']);
  expect(kinds('  - true')).toEqual([
    ['plain', '  - '],
    ['literal', 'true'],
  ]);
  expect(kinds('# why')).toEqual([['comment', '# why']]);
});

test('every line is shown as it is', () => {
  for (const line of ['', '  ', 'a: "b: c"', "'q: r': s", 'url: http://x/y', '- |', 'x:', '---']) {
    expect(
      yamlLine(line)
        .map((part) => part.text)
        .join(''),
    ).toBe(line);
  }
});
