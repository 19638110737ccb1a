import { expect, test } from 'vitest';

import type { DataVolume } from '../../cdi/resources.ts';
import type { VirtualMachine, VirtualMachineInstance } from '../resources.ts';
import { printableStatus } from './printableStatus.ts';

interface Facts {
  strategy?: string;
  /** The VM, or its instance, is being deleted. */
  vmGoes?: true;
  vmiGoes?: true;
  /** Of the instance; absent: there is none. */
  phase?: string;
  creating?: true;
  deleting?: true;
  migration?: 'runs' | 'ended';
  paused?: true;
  /** Reason of Synchronized=False. */
  failure?: string;
  unschedulable?: true;
  dataVolume?: { phase: string; running?: string };
  unbound?: true;
  failures?: number;
}

const time = '2026-01-01T00:00:00Z';
const goes = (flag: true | undefined) => (flag ? { deletionTimestamp: time } : {});

function statusOf(facts: Facts): string {
  const conditions = [
    ...(facts.paused ? [{ type: 'Paused', status: 'True' }] : []),
    ...(facts.failure ? [{ type: 'Synchronized', status: 'False', reason: facts.failure }] : []),
    ...(facts.unschedulable
      ? [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }]
      : []),
  ];
  const vm = {
    metadata: { name: 'web', ...goes(facts.vmGoes) },
    spec: { runStrategy: facts.strategy ?? 'Always', template: {} },
    status: { startFailure: { consecutiveFailCount: facts.failures ?? 0 } },
  } as unknown as VirtualMachine;
  const vmi = {
    metadata: { name: 'web', ...goes(facts.vmiGoes) },
    status: {
      phase: facts.phase,
      conditions,
      ...(facts.migration && {
        migrationState: {
          startTimestamp: time,
          ...(facts.migration === 'ended' && { endTimestamp: time }),
        },
      }),
    },
  } as unknown as VirtualMachineInstance;
  const { phase, running } = facts.dataVolume ?? {};
  const dataVolume = {
    status: {
      phase,
      conditions: running ? [{ type: 'Running', status: 'False', reason: running }] : [],
    },
  } as unknown as DataVolume;
  return printableStatus({
    vm,
    vmi: facts.phase === undefined ? undefined : vmi,
    dataVolumes: facts.dataVolume ? [dataVolume] : [],
    waitsForBinding: facts.unbound ?? false,
    creating: facts.creating ?? false,
    deleting: facts.deleting ?? false,
  });
}

const imports = { phase: 'ImportInProgress' };
const broken = { phase: 'ImportInProgress', running: 'Error' };

/**
 * Each rule by itself, and each against the one that comes after it; the numbers are those of the reference's
 * list of them. Source: pkg/virt-controller/watch/vm/vm.go, setPrintableStatus, lines 2524 to 2700 (d923fdb).
 */
const golden: [rule: number, status: string, facts: Facts][] = [
  [1, 'Terminating', { vmGoes: true }],
  [1, 'Terminating', { vmGoes: true, phase: 'Running', vmiGoes: true, paused: true }],
  [2, 'Stopping', { phase: 'Running', vmiGoes: true }],
  [2, 'Stopping', { phase: 'Running', deleting: true }],
  [2, 'Stopping', { phase: 'Running', vmiGoes: true, migration: 'runs' }],
  [2, 'Stopping', { phase: 'Scheduling', vmiGoes: true, unschedulable: true }],
  [15, 'Stopped', { phase: 'Succeeded', vmiGoes: true }],
  [3, 'Migrating', { phase: 'Running', migration: 'runs' }],
  [3, 'Migrating', { phase: 'Running', migration: 'runs', paused: true }],
  [5, 'Running', { phase: 'Running', migration: 'ended' }],
  [4, 'Paused', { phase: 'Running', paused: true }],
  [4, 'Paused', { phase: 'Running', paused: true, dataVolume: broken }],
  [5, 'Running', { phase: 'Running' }],
  [5, 'Running', { phase: 'Running', failure: 'FailedPvcNotFound' }],
  [5, 'Running', { phase: 'Running', dataVolume: imports }],
  [6, 'ErrorPvcNotFound', { phase: 'Pending', failure: 'FailedPvcNotFound' }],
  [6, 'ErrorPvcNotFound', { phase: 'Pending', failure: 'FailedPvcNotFound', dataVolume: broken }],
  [7, 'DataVolumeError', { dataVolume: { phase: 'Failed' } }],
  [7, 'DataVolumeError', { dataVolume: broken }],
  [7, 'DataVolumeError', { dataVolume: { phase: 'Pending', running: 'ImagePullFailed' } }],
  [7, 'DataVolumeError', { phase: 'Scheduling', dataVolume: broken, unschedulable: true }],
  [7, 'DataVolumeError', { strategy: 'Halted', dataVolume: broken }],
  [8, 'ErrorUnschedulable', { phase: 'Scheduling', unschedulable: true }],
  [8, 'ErrorUnschedulable', { phase: 'Scheduling', unschedulable: true, dataVolume: imports }],
  [9, 'Provisioning', { dataVolume: imports }],
  [9, 'Provisioning', { strategy: 'Halted', dataVolume: imports }],
  [9, 'Provisioning', { dataVolume: imports, unbound: true }],
  [9, 'Provisioning', { dataVolume: { phase: 'Pending', running: 'Completed' } }],
  [15, 'Stopped', { dataVolume: { phase: 'PendingPopulation' }, strategy: 'Halted' }],
  [15, 'Stopped', { dataVolume: { phase: 'Succeeded' }, strategy: 'Halted' }],
  [10, 'WaitingForVolumeBinding', { unbound: true }],
  [10, 'WaitingForVolumeBinding', { unbound: true, phase: 'Pending', failure: 'ErrImagePull' }],
  [11, 'ErrImagePull', { phase: 'Scheduling', failure: 'ErrImagePull' }],
  [12, 'ImagePullBackOff', { phase: 'Scheduling', failure: 'ImagePullBackOff' }],
  [13, 'Starting', { creating: true }],
  [13, 'Starting', { creating: true, failures: 2 }],
  [13, 'Starting', { phase: '' }],
  [13, 'Starting', { phase: 'Pending' }],
  [13, 'Starting', { phase: 'Scheduling' }],
  [13, 'Starting', { phase: 'Scheduled' }],
  [13, 'Starting', { phase: 'Scheduled', failures: 2 }],
  [14, 'CrashLoopBackOff', { failures: 1 }],
  [14, 'CrashLoopBackOff', { failures: 1, phase: 'Failed' }],
  [14, 'CrashLoopBackOff', { failures: 3, strategy: 'RerunOnFailure' }],
  [14, 'CrashLoopBackOff', { failures: 3, strategy: 'Once' }],
  [15, 'Stopped', { failures: 3, strategy: 'Manual' }],
  [15, 'Stopped', { failures: 3, strategy: 'Halted' }],
  [15, 'Stopped', {}],
  [15, 'Stopped', { phase: 'Succeeded' }],
  [15, 'Stopped', { phase: 'Failed' }],
  [17, 'Unknown', { phase: 'Unknown' }],
];

test.each(golden)('rule %i: %s of %j', (_rule, status, facts) => {
  expect(statusOf(facts)).toBe(status);
});

test('every rule is there; the 16th is of receivers, which are not implemented', () => {
  const told = new Set(golden.map(([rule]) => rule));
  const all = Array.from({ length: 17 }, (_, index) => index + 1);
  expect(all.filter((rule) => !told.has(rule))).toEqual([16]);
});
