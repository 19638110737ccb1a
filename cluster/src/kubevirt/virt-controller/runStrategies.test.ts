import { describe, expect, it, test } from 'vitest';

import {
  crashLoopDelaySeconds,
  decideRun,
  isSetToStart,
  runStrategies,
  runStrategyOf,
  type InstanceState,
  type RunStrategy,
} from './runStrategies.ts';

const states: InstanceState[] = ['absent', 'live', 'succeeded', 'failed'];

/**
 * strategy/request -> decisions for absent, live, succeeded, failed. Source: KubeVirt
 * pkg/virt-controller/watch/vm/vm.go, syncRunStrategy, lines 970 to 1180 (d923fdb).
 */
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
  /** failures, random -> seconds. Source: calculateStartBackoffTime in vm.go, line 1485 (d923fdb). */
  const seconds: [failures: number, random: number, seconds: number][] = [
    [0, 0, 10],
    [1, 0, 10],
    [1, 0.5, 13],
    [1, 0.999, 15],
    [2, 0, 40],
    [2, 0.999, 60],
    [3, 0, 90],
    [3, 0.999, 135],
    [4, 0, 160],
    [4, 0.5, 200],
    [4, 0.999, 240],
    [5, 0, 250],
    [5, 0.999, 300],
    [6, 0, 300],
    [50, 0.999, 300],
  ];
  it.each(seconds)('after %i failures, with jitter %f: %i s', (failures, random, wanted) => {
    expect(crashLoopDelaySeconds(failures, random)).toBe(wanted);
  });
});

/** Source: isSetToStart of pkg/virt-controller/watch/vm/vm.go (d923fdb). */
test.each<[RunStrategy, InstanceState, 'Start' | 'Stop' | undefined, boolean]>([
  ['Always', 'absent', undefined, true],
  ['Always', 'failed', undefined, true],
  ['Halted', 'absent', 'Start', false],
  ['Halted', 'live', undefined, false],
  ['Manual', 'absent', undefined, false],
  ['Manual', 'absent', 'Start', true],
  ['Manual', 'live', undefined, true],
  ['Manual', 'live', 'Stop', false],
  ['RerunOnFailure', 'absent', undefined, true],
  ['RerunOnFailure', 'failed', undefined, true],
  ['RerunOnFailure', 'succeeded', undefined, false],
  ['Once', 'absent', undefined, true],
  ['Once', 'live', undefined, false],
])('%s with an instance that is %s, asked to %s, is set to start: %s', (...row) => {
  const [strategy, instance, request, wanted] = row;
  expect(isSetToStart({ strategy, instance, request })).toBe(wanted);
});
