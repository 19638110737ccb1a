import { describe, expect, it } from 'vitest';
import { runStrategyOf, type VmAction, vmCan, type VmState } from '~/kubevirt/vmCan';
import { vmStatusList } from '~/kubevirt/vmStatus';

const actions: VmAction[] = [
  'start',
  'stop',
  'forceStop',
  'restart',
  'pause',
  'unpause',
  'reset',
  'delete',
  'openConsole',
];

function allowed(state: VmState): VmAction[] {
  return actions.filter((action) => vmCan(action, state).allowed);
}

describe('vmCan', () => {
  it('offers to a stopped VM what makes it run, or go', () => {
    expect(allowed({ status: 'Stopped', runStrategy: 'Halted' })).toEqual(['start', 'delete']);
  });

  it('offers to a running VM all but what would change nothing', () => {
    expect(allowed({ status: 'Running', runStrategy: 'Manual' })).toEqual([
      'stop',
      'forceStop',
      'restart',
      'pause',
      'reset',
      'delete',
      'openConsole',
    ]);
  });

  it('does not offer to start what the cluster starts itself', () => {
    const verdict = vmCan('start', { status: 'Stopped', runStrategy: 'Always' });
    expect(verdict).toMatchObject({ allowed: false, reason: expect.stringContaining('Always') });
  });

  it('does not offer to stop a Halted VM whose disks are being made', () => {
    expect(vmCan('stop', { status: 'Provisioning', runStrategy: 'Halted' }).allowed).toBe(false);
    expect(vmCan('stop', { status: 'Provisioning', runStrategy: 'Always' }).allowed).toBe(true);
  });

  it('does not offer to start a VM that failed and is rerun', () => {
    const state: VmState = { status: 'Stopped', runStrategy: 'RerunOnFailure' };
    expect(vmCan('start', state).allowed).toBe(true);
    expect(vmCan('start', { ...state, vmiPhase: 'Failed' }).allowed).toBe(false);
  });

  it('leaves nothing to do with a VM that is being deleted', () => {
    expect(allowed({ status: 'Terminating', runStrategy: 'Always' })).toEqual([]);
  });

  it('gives a reason for every refusal', () => {
    for (const { status } of vmStatusList) {
      for (const action of actions) {
        const verdict = vmCan(action, { status, runStrategy: 'Once' });
        if (!verdict.allowed) expect(verdict.reason).toMatch(/\.$/);
      }
    }
  });
});

it('reads the deprecated running flag', () => {
  expect(runStrategyOf({ running: true })).toBe('Always');
  expect(runStrategyOf({ running: false })).toBe('Halted');
  expect(runStrategyOf({ runStrategy: 'Manual' })).toBe('Manual');
});

it('what cannot move says so in the words of the server', () => {
  const state = { status: 'Running', runStrategy: 'Always' } as const;
  expect(vmCan('migrate', state)).toEqual({ allowed: true });
  expect(vmCan('migrate', { ...state, notMigratable: 'PVC is not shared' })).toEqual({
    allowed: false,
    reason: 'It cannot move while it runs.',
    detail: 'PVC is not shared',
  });
  expect(vmCan('migrate', { ...state, status: 'Stopped' }).allowed).toBe(false);
  expect(vmCan('cancelMigration', state).allowed).toBe(false);
  expect(vmCan('cancelMigration', { ...state, status: 'Migrating' }).allowed).toBe(true);
});

it('a protected VM is not deleted, but edited', () => {
  const state = { status: 'Running', runStrategy: 'Always', isProtected: true } as const;
  expect(vmCan('delete', state).allowed).toBe(false);
  expect(vmCan('edit', state).allowed).toBe(true);
  expect(vmCan('edit', { ...state, status: 'Terminating' }).allowed).toBe(false);
});

it('to start paused is a start', () => {
  expect(vmCan('startPaused', { status: 'Stopped', runStrategy: 'Halted' }).allowed).toBe(true);
  expect(vmCan('startPaused', { status: 'Stopped', runStrategy: 'Always' }).allowed).toBe(false);
  expect(vmCan('softReboot', { status: 'Paused', runStrategy: 'Always' }).allowed).toBe(false);
});
