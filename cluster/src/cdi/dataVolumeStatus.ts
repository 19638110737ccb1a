import type { PersistentVolumeClaim } from '../client/resources.ts';
import { withCondition } from '../kubevirt/virt-controller/conditions.ts';
import { hasSucceeded } from './claims.ts';
import type { DataVolume, DataVolumeCondition, DataVolumeStatus } from './resources.ts';
import { timestamp } from '../client/timestamp.ts';

export interface Progress {
  /** 0 to 1. */
  fraction: number;
  /** What is being done, for people. */
  step: string;
  /** Why the last try failed. */
  error?: string;
}

export interface DataVolumeSources {
  dataVolume: DataVolume;
  claim: PersistentVolumeClaim | undefined;
  /** The content is copied from another claim. */
  cloning: boolean;
  /** Why the transfer cannot begin yet. */
  waiting: string | undefined;
  /** The transfer under way, or its last failure. */
  progress: Progress | undefined;
  now: number;
}

/** The status of a DataVolume as CDI writes it; undefined when it already is so. */
export function nextStatus(sources: DataVolumeSources): DataVolumeStatus | undefined {
  const { dataVolume, claim, now } = sources;
  const before = dataVolume.status ?? {};
  const time = timestamp(now);
  let conditions = before.conditions ?? [];
  for (const condition of [
    boundOf(claim, dataVolume.metadata.name),
    readyOf(sources),
    runningOf(sources),
  ]) {
    conditions = withCondition(conditions, condition, time);
  }
  const next: DataVolumeStatus = {
    ...before,
    phase: phaseOf(sources),
    progress: progressOf(sources),
    ...(claim && { claimName: claim.metadata.name }),
    conditions: conditions.map((condition) => ({
      ...condition,
      lastHeartbeatTime: condition.lastTransitionTime ?? time,
    })),
  };
  return JSON.stringify(next) === JSON.stringify(before) ? undefined : next;
}

function phaseOf({ claim, cloning, waiting, progress }: DataVolumeSources): string {
  if (claim && hasSucceeded(claim)) return 'Succeeded';
  if (claim?.status?.phase !== 'Bound') return 'Pending';
  if (waiting !== undefined) return cloning ? 'CloneScheduled' : 'ImportScheduled';
  if (!progress) return cloning ? 'CloneScheduled' : 'ImportScheduled';
  return cloning ? 'CloneInProgress' : 'ImportInProgress';
}

function progressOf({ claim, progress }: DataVolumeSources): string {
  if (claim && hasSucceeded(claim)) return '100.0%';
  return progress ? `${(progress.fraction * 100).toFixed(2)}%` : 'N/A';
}

function boundOf(claim: PersistentVolumeClaim | undefined, name: string): DataVolumeCondition {
  if (!claim)
    return { type: 'Bound', status: 'False', reason: 'NotFound', message: 'No PVC found' };
  const bound = claim.status?.phase === 'Bound';
  const reason = bound ? 'Bound' : 'Pending';
  return {
    type: 'Bound',
    status: bound ? 'True' : 'False',
    reason,
    message: `PVC ${name} ${reason}`,
  };
}

function readyOf({ claim, progress }: DataVolumeSources): DataVolumeCondition {
  if (claim && hasSucceeded(claim)) return { type: 'Ready', status: 'True' };
  return { type: 'Ready', status: 'False', reason: progress ? 'TransferRunning' : '' };
}

function runningOf({ claim, progress, waiting }: DataVolumeSources): DataVolumeCondition {
  const notRunning = (reason: string, message: string): DataVolumeCondition => ({
    type: 'Running',
    status: 'False',
    reason,
    message,
  });
  if (claim && hasSucceeded(claim)) return notRunning('Completed', 'Import Complete');
  if (progress?.error) return notRunning('Error', progress.error);
  if (progress) {
    return { type: 'Running', status: 'True', reason: 'Pod is running', message: progress.step };
  }
  return notRunning('', waiting ?? '');
}
