import { expect, it } from 'vitest';

import { toYaml } from './toYaml';

it('writes what every object has first and what the cluster says of it last', () => {
  const object = { status: { ready: true }, spec: { running: true }, metadata: { name: 'web' } };
  expect(toYaml({ ...object, kind: 'VirtualMachine', apiVersion: 'kubevirt.io/v1' })).toBe(
    [
      ...['apiVersion: kubevirt.io/v1', 'kind: VirtualMachine', 'metadata:', '  name: web'],
      ...['spec:', '  running: true', 'status:', '  ready: true', ''],
    ].join('\n'),
  );
});

it('neither folds long texts nor refers to equal ones', () => {
  const same = { text: 'word '.repeat(40).trim() };
  expect(toYaml({ metadata: { a: same, b: same } })).toBe(
    `metadata:\n  a:\n    text: ${same.text}\n  b:\n    text: ${same.text}\n`,
  );
});
