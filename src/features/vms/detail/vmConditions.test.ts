import { expect, test } from 'vitest';

import { conditionTone, sortConditions } from './vmConditions';

test('a missing ability is no fault, a failure is one', () => {
  expect(conditionTone({ type: 'LiveMigratable', status: 'False' })).toBe('neutral');
  expect(conditionTone({ type: 'Ready', status: 'False' })).toBe('neutral');
  expect(conditionTone({ type: 'Synchronized', status: 'False' })).toBe('danger');
  expect(conditionTone({ type: 'Failure', status: 'True' })).toBe('danger');
  expect(conditionTone({ type: 'toString', status: 'True' })).toBe('neutral');
});

test('what needs attention comes first, then Ready', () => {
  const types = sortConditions([
    { type: 'AgentConnected', status: 'True' },
    { type: 'Ready', status: 'False' },
    { type: 'PodScheduled', status: 'False' },
  ]).map(({ type }) => type);
  expect(types).toEqual(['PodScheduled', 'Ready', 'AgentConnected']);
});
