import { expect, test } from 'vitest';
import { duplicateFields } from './duplicateFields.ts';

test.each([
  ['{"a":1,"b":{"a":[1,{"a":"a"}]}}', []],
  ['{"a":1,"b":2,"a":3,"a":4}', ['a']],
  [
    '{"spec":{"disks":[{"name":"x"},{"name":"y","name":"z"}],"\\u0061":1,"a":2}}',
    ['spec.disks[1].name', 'spec.a'],
  ],
  ['{"a":"\\"}{,\\\\","b":["a","a",[{}, {"c":1,"c":1}]]}', ['b[2][1].c']],
  ['[]', []],
])('%s names %j more than once', (text, expected) => {
  JSON.parse(text);
  expect(duplicateFields(text)).toEqual(expected);
});
