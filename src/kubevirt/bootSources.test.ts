import { expect, test } from 'vitest';

import { groupByNamespace, toBootSourceRow, toImportRow } from '~/kubevirt/bootSources';

function source(name: string, status: 'True' | 'False', annotations: Record<string, string> = {}) {
  return toBootSourceRow({
    metadata: {
      namespace: 'images',
      name,
      annotations,
      labels: { 'instancetype.kubevirt.io/default-preference': 'fedora' },
    },
    spec: { source: { pvc: { namespace: 'images', name: `${name}-1` } } },
    status: { conditions: [{ type: 'Ready', status, reason: 'NoSource', message: 'importing' }] },
  });
}

test('a source is named for people where somebody did so', () => {
  expect(source('f41', 'True', { 'openshift.io/display-name': 'Fedora 41' })).toMatchObject({
    title: 'Fedora 41',
    description: 'fedora',
    isReady: true,
    claimName: 'f41-1',
  });
  expect(source('f41', 'False')).toMatchObject({
    title: 'f41',
    isReady: false,
    reason: 'importing',
  });
});

test('what can be used comes first', () => {
  const [group] = groupByNamespace([
    source('a', 'False'),
    source('c', 'True'),
    source('b', 'True'),
  ]);
  expect(group?.[0]).toBe('images');
  expect(group?.[1].map((row) => row.name)).toEqual(['b', 'c', 'a']);
});

test('progress is read from text', () => {
  const row = (progress: string) => toImportRow({ spec: {}, status: { progress } }).percent;
  expect(row('45.32%')).toBe(45.32);
  expect(row('N/A')).toBeUndefined();
});
