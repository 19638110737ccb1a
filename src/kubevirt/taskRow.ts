import type { V1beta1DataVolume } from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';
import type { V1VirtualMachineInstanceMigration } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { toDataVolumeRow } from '~/kubevirt/vmDisks';

export type TaskState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Something that the cluster does, or did lately. */
export interface TaskRow {
  key: string;
  /** Kind of the object that stands for it. */
  kind: 'VirtualMachineInstanceMigration' | 'DataVolume';
  /** Name of that object. */
  name: string;
  namespace: string;
  /** What it is done to: a VM, or the volume itself. */
  target: string;
  state: TaskState;
  /** Phase, in the cluster's word. */
  phase: string;
  /** ISO 8601. */
  startedAt: string;
  /** 0 to 100 where it is known. */
  percent: number | undefined;
  /** Why it failed, or how it went on, in the cluster's words. */
  detail: string;
}

function stateOf(phase: string): TaskState {
  switch (phase) {
    case '':
    case 'Pending':
      return 'waiting';
    case 'Succeeded':
      return 'succeeded';
    case 'Failed':
      return 'failed';
    default:
      return 'running';
  }
}

/** src: kubevirt.io/api/core/v1 types.go, VirtualMachineInstanceMigrationPhase at d923fdb */
export function toMigrationTask(migration: V1VirtualMachineInstanceMigration): TaskRow {
  const { uid = '', name = '', namespace = '', creationTimestamp = '' } = migration.metadata ?? {};
  const { phase = '', migrationState } = migration.status ?? {};
  const { failureReason = '', sourceNode = '', targetNode = '' } = migrationState ?? {};
  const way = targetNode === '' ? '' : `${sourceNode} → ${targetNode}`;
  return {
    key: uid,
    kind: 'VirtualMachineInstanceMigration',
    name,
    namespace,
    target: migration.spec.vmiName ?? '',
    state: stateOf(phase),
    phase: phase === '' ? 'Pending' : phase,
    startedAt: creationTimestamp,
    percent: undefined,
    detail: failureReason || way,
  };
}

/** src: CDI pkg/apis/core/v1beta1/types.go, DataVolumePhase */
export function toDataVolumeTask(volume: V1beta1DataVolume): TaskRow {
  const { uid = '', namespace = '', creationTimestamp = '' } = volume.metadata ?? {};
  const { name, phase, percent, failure } = toDataVolumeRow(volume);
  const state = failure === '' ? stateOf(phase) : 'failed';
  return {
    key: uid,
    kind: 'DataVolume',
    name,
    namespace,
    target: name,
    state,
    phase,
    startedAt: creationTimestamp,
    percent: state === 'running' ? percent : undefined,
    detail: failure,
  };
}

/** How long what has ended is shown, milliseconds. */
const RECENT_MS = 3_600_000;

/** What is under way and what began within the last hour, newest first. */
export function recentTasks(rows: readonly TaskRow[], now: number): readonly TaskRow[] {
  return rows
    .filter(
      ({ state, startedAt }) =>
        state === 'running' || state === 'waiting' || now - Date.parse(startedAt) < RECENT_MS,
    )
    .sort((a, b) => (a.startedAt > b.startedAt ? -1 : a.startedAt < b.startedAt ? 1 : 0));
}
