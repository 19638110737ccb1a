import { expect, test } from 'vitest';
import { compareVersions } from './compareVersions.ts';

test('stable versions come before betas, higher before lower, other names last', () => {
  const given = ['foo1', 'v1alpha2', 'v10', 'v2beta1', 'v1', 'v11beta2', 'bar', 'v1alpha10'];
  const wanted = ['v10', 'v1', 'v11beta2', 'v2beta1', 'v1alpha10', 'v1alpha2', 'bar', 'foo1'];
  expect(given.sort(compareVersions)).toEqual(wanted);
});
