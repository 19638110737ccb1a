import { expect, test } from 'vitest';

import type { VirtualMachine, VirtualMachineInstance } from '../resources.ts';
import { nextStatus, type StatusSources } from './vmStatus.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

const vmOf = (runStrategy: string, status: VirtualMachine['status'] = {}) =>
  ({
    metadata: { name: 'web', namespace: 'default', uid: 'vm', generation: 1 },
    spec: { runStrategy, template: { spec: { domain: { devices: {} } } } },
    status,
  }) as unknown as VirtualMachine;

/** An instance in a phase; with `ran` its guest has run. */
const vmiOf = (uid: string, phase: string, ran = false) =>
  ({
    metadata: { name: 'web', namespace: 'default', uid },
    spec: { domain: { devices: {} } },
    status: {
      phase,
      phaseTransitionTimestamps: [
        { phase: 'Pending', phaseTransitionTimestamp: '2026-01-01T00:00:00Z' },
        ...(ran ? [{ phase: 'Running', phaseTransitionTimestamp: '2026-01-01T00:00:00Z' }] : []),
      ],
    },
  }) as unknown as VirtualMachineInstance;

const next = (
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  more: Partial<StatusSources> = {},
) =>
  nextStatus({
    snapshotDrivers: new Set(),
    vm,
    vmi,
    dataVolumes: [],
    claims: [],
    creating: false,
    deleting: false,
    restart: false,
    failure: undefined,
    restartRequired: undefined,
    refs: undefined,
    now,
    random: 0,
    ...more,
  });

/** Source of all: syncStartFailureStatus in pkg/virt-controller/watch/vm/vm.go (d923fdb). */
test('each start that fails is counted once, and says to the second when the next one is', () => {
  let vm = vmOf('Always');
  const times = [10, 40, 90, 160, 250, 300, 300];
  times.forEach((seconds, index) => {
    const failed = vmiOf(`vmi-${index}`, 'Failed');
    const status = next(vm, failed);
    expect(status?.startFailure).toEqual({
      consecutiveFailCount: index + 1,
      lastFailedVMIUID: `vmi-${index}`,
      retryAfterTimestamp: new Date(now + seconds * 1000).toISOString().replace('.000', ''),
    });
    vm = vmOf('Always', status);
    expect(next(vm, failed)?.startFailure ?? status?.startFailure).toEqual(status?.startFailure);
  });
});

test('a guest that ran, or a VM that is halted, begins anew', () => {
  const failures = {
    runStrategy: 'Always',
    startFailure: { consecutiveFailCount: 3, lastFailedVMIUID: 'old' },
  };
  expect(next(vmOf('Always', failures), vmiOf('new', 'Running', true))?.startFailure).toBe(
    undefined,
  );
  // It failed, but only after it had run.
  expect(next(vmOf('Always', failures), vmiOf('new', 'Failed', true))?.startFailure).toBe(
    undefined,
  );
  for (const strategy of ['Halted', 'Manual'] as const) {
    expect(next(vmOf(strategy, failures), undefined)?.startFailure).toBe(undefined);
  }
  expect(next(vmOf('Always', failures), undefined)?.startFailure).toEqual(failures.startFailure);
});

test('conditions are its own and those of the instance, and go with it', () => {
  const vmi = vmiOf('new', 'Running', true);
  vmi.status = {
    ...vmi.status,
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'AgentConnected', status: 'True' },
    ],
  };
  const failure = { reason: 'FailedCreate', message: 'no' };
  const status = next(vmOf('Always'), vmi, { failure, restartRequired: 'why' });
  const shown = (of: typeof status) =>
    (of?.conditions ?? []).map(({ type, status: is, reason }) =>
      [type, is, reason ?? ''].join(' '),
    );
  expect(shown(status).sort()).toEqual([
    'AgentConnected True ',
    'Failure True FailedCreate',
    'Ready True ',
    'RestartRequired True ',
  ]);
  expect(status).toMatchObject({ created: true, ready: true, runStrategy: 'Always' });
  const gone = next(vmOf('Always', status), undefined);
  expect(shown(gone)).toEqual(['Ready False VMINotExists']);
  expect(gone).toMatchObject({ created: false, ready: false });
  const unknown = next(vmOf('Always'), vmiOf('new', 'Pending'));
  expect(shown(unknown)).toEqual(['Ready False VMIConditionMissing']);
});

/** Source: isVirtualMachineStatusWaitingForVolumeBinding of the same file. */
test('a claim that is not bound is waited for by a VM that is to run, and by no other', () => {
  const claims = ['Pending', 'Bound'].map((phase) => ({ status: { phase } }) as never);
  expect(next(vmOf('Always'), undefined, { claims })?.printableStatus).toBe(
    'WaitingForVolumeBinding',
  );
  expect(next(vmOf('Halted'), undefined, { claims })?.printableStatus).toBe('Stopped');
  expect(
    next(vmOf('Always'), undefined, { claims: claims.slice(1), creating: true })?.printableStatus,
  ).toBe('Starting');
});
