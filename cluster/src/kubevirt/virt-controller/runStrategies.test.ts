import { describe, expect, it } from 'vitest';

import {
  crashLoopDelaySeconds,
  decideRun,
  runStrategies,
  runStrategyOf,
  type InstanceState,
} from './runStrategies.ts';

const states: InstanceState[] = ['absent', 'live', 'succeeded', 'failed'];

/** strategy/request -> decisions for absent, live, succeeded, failed. */
const golden: Record<string, string> = {
  'Always/-': 'create none delete delete',
  'Always/Start': 'create none delete delete',
  'Always/Stop': 'create delete delete delete',
  'RerunOnFailure/-': 'none none delete delete-and-restart',
  'RerunOnFailure/Start': 'create none delete delete-and-restart',
  'RerunOnFailure/Stop': 'none delete delete delete',
  'Manual/-': 'none none none none',
  'Manual/Start': 'create none none none',
  'Manual/Stop': 'none delete delete delete',
  'Halted/-': 'none delete delete delete',
  'Halted/Start': 'become-always delete delete delete',
  'Halted/Stop': 'none delete delete delete',
  'Once/-': 'create none none none',
  'Once/Start': 'create none none none',
  'Once/Stop': 'create delete none none',
};

describe('decideRun', () => {
  for (const strategy of runStrategies) {
    for (const request of [undefined, 'Start', 'Stop'] as const) {
      it(`${strategy} with ${request ?? 'no'} request`, () => {
        const decisions = states.map((instance) =>
          decideRun({ strategy, instance, request, strategyIsNew: false }),
        );
        expect(decisions.join(' ')).toBe(golden[`${strategy}/${request ?? '-'}`]);
      });
    }
  }

  it('starts a VM whose strategy has just become RerunOnFailure', () => {
    expect(
      decideRun({
        strategy: 'RerunOnFailure',
        instance: 'absent',
        request: undefined,
        strategyIsNew: true,
      }),
    ).toBe('create');
  });
});

describe('runStrategyOf', () => {
  it('reads the deprecated running', () => {
    expect(runStrategyOf({ running: true })).toBe('Always');
    expect(runStrategyOf({ running: false })).toBe('Halted');
    expect(runStrategyOf({ runStrategy: 'Manual' })).toBe('Manual');
    expect(runStrategyOf({ runStrategy: 'Sometimes' })).toBeUndefined();
  });
});

describe('crashLoopDelaySeconds', () => {
  it('grows with the square of the failures, with jitter, up to five minutes', () => {
    expect(crashLoopDelaySeconds(1, 0)).toBe(10);
    expect(crashLoopDelaySeconds(2, 1)).toBe(60);
    expect(crashLoopDelaySeconds(9, 1)).toBe(300);
  });
});
