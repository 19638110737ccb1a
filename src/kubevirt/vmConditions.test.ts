import { expect, test } from 'vitest';

import { conditionTone, vmConditions } from './vmConditions';

test('a missing ability is no fault, a failure is one', () => {
  expect(conditionTone({ type: 'LiveMigratable', status: 'False' })).toBe('neutral');
  expect(conditionTone({ type: 'Ready', status: 'False' })).toBe('neutral');
  expect(conditionTone({ type: 'Synchronized', status: 'False' })).toBe('danger');
  expect(conditionTone({ type: 'Failure', status: 'True' })).toBe('danger');
  expect(conditionTone({ type: 'toString', status: 'True' })).toBe('neutral');
});

test('what needs attention comes first, then Ready', () => {
  const conditions = [
    { type: 'AgentConnected', status: 'True' },
    { type: 'Ready', status: 'False' },
    { type: 'PodScheduled', status: 'False' },
  ];
  const types = vmConditions({ status: { conditions } }).map(({ type }) => type);
  expect(types).toEqual(['PodScheduled', 'Ready', 'AgentConnected']);
});

test('what the cluster leaves out is empty', () => {
  expect(vmConditions({})).toEqual([]);
  expect(vmConditions({ status: { conditions: [{ type: 'Ready', status: 'Maybe' }] } })).toEqual([
    { type: 'Ready', status: 'Unknown', reason: '', message: '', since: '' },
  ]);
});
