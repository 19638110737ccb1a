import type { V1beta1DataVolume } from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';
import type { V1VirtualMachineInstanceMigration } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { toDataVolumeRow } from '~/kubevirt/vmDisks';

export type TaskState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Something that the cluster does, or did lately. */
export interface TaskRow {
  key: string;
  /** Kind of the object that stands for it. */
  kind:
    | 'VirtualMachineInstanceMigration'
    | 'DataVolume'
    | 'VirtualMachineSnapshot'
    | 'VirtualMachineRestore'
    | 'VirtualMachineClone'
    | 'VirtualMachineExport';
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
  /** Those that do it, or did, as far as they are known by name. */
  pods: readonly string[];
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
  const { sourcePod, targetPod } = migrationState ?? {};
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
    pods: [sourcePod, targetPod].flatMap((pod) => pod ?? []),
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
    // CDI pkg/common/common.go, ImporterPodName; by a populator it has a name that only its claim knows.
    pods: [`importer-${name}`],
  };
}

/** What the objects of the groups snapshot, clone and export have in common. */
interface Errand {
  metadata?: { uid?: string; name?: string; namespace?: string; creationTimestamp?: string };
  spec?: { source?: { name?: string }; target?: { name?: string } };
  status?: {
    phase?: string;
    complete?: boolean;
    readyToUse?: boolean;
    error?: { message?: string };
    conditions?: { type?: string; status?: string; message?: string; reason?: string }[];
  };
}

function errandTask(
  kind: TaskRow['kind'],
  { metadata = {}, spec = {}, status = {} }: Errand,
  { isDone, target }: { isDone: boolean; target: string | undefined },
): TaskRow {
  const { phase = '', error, conditions = [] } = status;
  const failure = conditions.find((one) => one.type === 'Failure' && one.status === 'True');
  const isFailed = phase === 'Failed' || (failure !== undefined && !isDone);
  const waits = conditions.find((one) => one.type === 'Progressing' && one.status === 'False');
  const state = isFailed ? 'failed' : isDone ? 'succeeded' : phase === '' ? 'waiting' : 'running';
  const { uid = '', name = '', namespace = '', creationTimestamp = '' } = metadata;
  return {
    ...{ key: uid, kind, name, namespace, state },
    target: target ?? spec.source?.name ?? '',
    phase: phase === '' ? (isDone ? 'Succeeded' : 'Pending') : phase,
    startedAt: creationTimestamp,
    percent: undefined,
    pods: [],
    detail:
      error?.message ??
      (isFailed ? (failure?.message ?? failure?.reason) : isDone ? undefined : waits?.reason) ??
      '',
  };
}

/** src: kubevirt.io/api/snapshot/v1beta1 types.go at d923fdb */
export function toSnapshotTask(snapshot: Errand): TaskRow {
  const isDone = snapshot.status?.readyToUse === true || snapshot.status?.phase === 'Succeeded';
  return errandTask('VirtualMachineSnapshot', snapshot, { isDone, target: undefined });
}

/** src: kubevirt.io/api/snapshot/v1beta1 types.go at d923fdb */
export function toRestoreTask(restore: Errand): TaskRow {
  const isDone = restore.status?.complete === true;
  const target = restore.spec?.target?.name;
  // It has no phase.
  const status = { ...restore.status, phase: isDone ? 'Succeeded' : 'InProgress' };
  return errandTask('VirtualMachineRestore', { ...restore, status }, { isDone, target });
}

/** src: kubevirt.io/api/clone/v1beta1 types.go at d923fdb */
export function toCloneTask(clone: Errand): TaskRow {
  const isDone = clone.status?.phase === 'Succeeded';
  return errandTask('VirtualMachineClone', clone, { isDone, target: clone.spec?.source?.name });
}

/** src: kubevirt.io/api/export/v1beta1 types.go at d923fdb */
export function toExportTask(one: Errand): TaskRow {
  const isDone = one.status?.phase === 'Ready' || one.status?.phase === 'Terminated';
  return errandTask('VirtualMachineExport', one, { isDone, target: one.spec?.source?.name });
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

/**
 * Whether it can be ended by deleting the object that stands for it. A disk may be in use by then, and
 * a restore has begun to change its VM: these go on.
 */
export function canCancel({ kind, state }: TaskRow): boolean {
  const isUnderWay = state === 'running' || state === 'waiting';
  return isUnderWay && kind !== 'DataVolume' && kind !== 'VirtualMachineRestore';
}
