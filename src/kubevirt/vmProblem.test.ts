import { expect, test } from 'vitest';

import { vmProblem } from './vmProblem';

test('a VM without trouble has no problem', () => {
  expect(vmProblem({})).toBeUndefined();
  expect(
    vmProblem({
      status: {
        printableStatus: 'Stopped',
        conditions: [{ type: 'Ready', status: 'False', reason: 'VMINotExists' }],
      },
    }),
  ).toBeUndefined();
});

test('the scheduler tells why there is no place', () => {
  const message = '0/2 nodes are available: 2 Insufficient memory.';
  expect(
    vmProblem({
      status: {
        printableStatus: 'ErrorUnschedulable',
        conditions: [
          { type: 'Ready', status: 'False', reason: 'PodNotExists' },
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
        ],
      },
    }),
  ).toEqual({ kind: 'unschedulable', reason: 'Unschedulable', message });
});

test('a specific reason goes before a general one', () => {
  expect(
    vmProblem({
      status: {
        conditions: [
          { type: 'Failure', status: 'True', reason: 'FailedCreate', message: 'general' },
          { type: 'Synchronized', status: 'False', reason: 'FailedPvcNotFound', message: 'disk' },
        ],
      },
    })?.kind,
  ).toBe('claimMissing');
});

test('a troubled status is a problem also without a condition', () => {
  expect(vmProblem({ status: { printableStatus: 'CrashLoopBackOff' } })).toEqual({
    kind: 'crashLoop',
    reason: 'CrashLoopBackOff',
    message: '',
  });
});

test('unfinished disks are no problem while they are being made', () => {
  const conditions = [{ type: 'DataVolumesReady', status: 'False', reason: 'NotAllDVsReady' }];
  expect(vmProblem({ status: { printableStatus: 'Provisioning', conditions } })).toBeUndefined();
  expect(vmProblem({ status: { printableStatus: 'DataVolumeError', conditions } })?.kind).toBe(
    'dataVolume',
  );
});
