import { describe, expect, it } from 'vitest';

import { instanceStatus, isAlone, ownerOf } from './vmInstance';
import { createRowJoin } from './vmListRow';
import { toVmiRow } from './vmRow';

function instance(status: object, metadata: object = {}) {
  return {
    metadata: { name: 'alone', namespace: 'shop', ...metadata },
    spec: { domain: { devices: {} } },
    status,
  };
}

const replicaSet = {
  ...{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstanceReplicaSet' },
  ...{ name: 'workers', uid: 'a', controller: true },
};

describe('instances without a VM', () => {
  it.each([
    [{ phase: 'Running' }, 'Running'],
    [{ phase: 'Running', conditions: [{ type: 'Paused', status: 'True' }] }, 'Paused'],
    [{ phase: 'Running', migrationState: { startTimestamp: '2026-01-01T00:00:00Z' } }, 'Migrating'],
    [{ phase: 'Scheduling' }, 'Starting'],
    [
      {
        phase: 'Scheduling',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
      },
      'ErrorUnschedulable',
    ],
    [{ phase: 'Failed' }, 'Failed'],
    [{ phase: 'Succeeded' }, 'Stopped'],
  ])('%j is %s', (status, expected) => {
    expect(instanceStatus(instance(status))).toBe(expected);
  });

  it('are told from those of VMs, and by what made them', () => {
    const ofVm = { ownerReferences: [{ ...replicaSet, kind: 'VirtualMachine' }] };
    expect(isAlone(instance({}, ofVm))).toBe(false);
    expect(isAlone(instance({}))).toBe(true);
    expect(ownerOf(instance({}, { ownerReferences: [replicaSet] }))).toBe(
      'VirtualMachineInstanceReplicaSet workers',
    );
    expect(ownerOf(instance({}))).toBe('');
  });

  it('are rows like VMs, joined with themselves', () => {
    const row = toVmiRow(instance({ phase: 'Running', nodeName: 'node-1' }));
    const join = createRowJoin();
    const rows = join(row.alone ? [row.alone] : [], [row], [], new Map());
    expect(rows).toMatchObject([
      { name: 'alone', isInstance: true, owner: '', status: 'Running', node: 'node-1' },
    ]);
  });
});
