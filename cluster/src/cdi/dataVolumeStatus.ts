import type { PersistentVolumeClaim } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';
import { withCondition } from '../kubevirt/virt-controller/conditions.ts';
import { annotations, hasFailed, hasSucceeded } from './claims.ts';
import type { TransferTexts } from './dataVolumeTexts.ts';
import { failureOf } from './importer/ImportError.ts';
import type { DataVolume, DataVolumeCondition, DataVolumeStatus } from './resources.ts';
import type { Transfer } from './Transfers.ts';

export interface DataVolumeFacts {
  dataVolume: DataVolume;
  claim: PersistentVolumeClaim | undefined;
  texts: TransferTexts;
  /** Why the transfer cannot begin yet. */
  waiting: string | undefined;
  /** Why there is no claim: the reason and message of the condition Bound. */
  refused: { reason: string; message: string } | undefined;
  /** Why the pod that is to do the transfer does not run. */
  pending: { reason: string; message: string } | undefined;
  /** The claim is bound when somebody uses it. */
  waitsForConsumer: boolean;
  /** The transfer under way, or its last failure. */
  transfer: Transfer | undefined;
  /** The claim is filled by whom it names itself, and is full when it is bound. */
  isPopulated: boolean;
  now: number;
}

/** The status of a DataVolume as CDI writes it; undefined when it already is so. */
export function nextStatus(facts: DataVolumeFacts): DataVolumeStatus | undefined {
  const { dataVolume, claim, transfer, now } = facts;
  const before = dataVolume.status ?? {};
  const time = timestamp(now);
  let conditions = before.conditions ?? [];
  for (const condition of [boundOf(facts), readyOf(facts), runningOf(facts)]) {
    conditions = withCondition(conditions, condition, time);
  }
  const next: DataVolumeStatus = {
    ...before,
    phase: phaseOf(facts),
    progress: progressOf(facts),
    ...(claim && { claimName: claim.metadata.name }),
    ...(transfer && transfer.restarts > 0 && { restartCount: transfer.restarts }),
    conditions: conditions.map((condition) => ({
      ...condition,
      lastHeartbeatTime: condition.lastTransitionTime ?? time,
    })),
  };
  return JSON.stringify(next) === JSON.stringify(before) ? undefined : next;
}

function phaseOf(facts: DataVolumeFacts): string {
  const { claim, texts, transfer, waitsForConsumer, waiting } = facts;
  if (isFilled(facts)) return 'Succeeded';
  if (claim && (claim.status?.phase === 'Lost' || hasFailed(claim))) return 'Failed';
  if (waitsForConsumer) return facts.isPopulated ? 'PendingPopulation' : 'WaitForFirstConsumer';
  if (claim?.status?.phase !== 'Bound') return waiting === undefined ? 'Pending' : texts.scheduled;
  return transfer && waiting === undefined ? texts.inProgress : texts.scheduled;
}

/** Imports and clones tell their progress; of uploads CDI tells none, not even at their end. */
function progressOf(facts: DataVolumeFacts): string {
  const { claim, texts, transfer, isPopulated, dataVolume } = facts;
  if (isPopulated) return claim?.metadata.annotations?.[annotations.progress] ?? 'N/A';
  if (texts.inProgress === 'UploadReady') return 'N/A';
  if (isFilled(facts)) return '100.0%';
  if (transfer) return `${(transfer.fraction * 100).toFixed(2)}%`;
  return dataVolume.status?.phase === 'Failed' ? (dataVolume.status.progress ?? 'N/A') : 'N/A';
}

function isFilled({ claim, isPopulated }: DataVolumeFacts): boolean {
  if (!claim) return false;
  return isPopulated ? claim.status?.phase === 'Bound' : hasSucceeded(claim);
}

function boundOf({ claim, dataVolume, refused }: DataVolumeFacts): DataVolumeCondition {
  const { name } = dataVolume.metadata;
  const no = (reason: string, message: string): DataVolumeCondition => ({
    type: 'Bound',
    status: 'False',
    reason,
    message,
  });
  if (!claim) return no(refused?.reason ?? 'NotFound', refused?.message ?? 'No PVC found');
  const notes = claim.metadata.annotations ?? {};
  const { [annotations.boundReason]: reason = '', [annotations.boundMessage]: message = '' } =
    notes;
  const isDenied = notes[annotations.bound] === 'false';
  switch (claim.status?.phase) {
    case 'Bound':
      if (isDenied) return no(reason, message);
      return { type: 'Bound', status: 'True', reason: 'Bound', message: `PVC ${name} Bound` };
    case 'Lost':
      return no('ClaimLost', `Claim Lost`);
    default: {
      if (!isDenied) return no('Pending', `PVC ${name} Pending`);
      const prime = notes[annotations.pvcPrime];
      return no(reason, `target PVC ${name} Pending and ${prime ? `[${prime}] : ` : ''}${message}`);
    }
  }
}

function readyOf(facts: DataVolumeFacts): DataVolumeCondition {
  if (isFilled(facts)) return { type: 'Ready', status: 'True' };
  const isRunning = runningOf(facts).status === 'True';
  return { type: 'Ready', status: 'False', reason: isRunning ? 'TransferRunning' : '' };
}

function runningOf(facts: DataVolumeFacts): DataVolumeCondition {
  const { claim, transfer, waiting, texts } = facts;
  const notRunning = (reason: string, message: string): DataVolumeCondition => ({
    type: 'Running',
    status: 'False',
    reason,
    message,
  });
  if (isFilled(facts)) return notRunning('Completed', texts.complete);
  const reported = claim?.metadata.annotations;
  const isTold = facts.isPopulated || (claim && hasFailed(claim));
  if (isTold && reported?.[annotations.running] !== undefined) {
    return {
      type: 'Running',
      status: reported[annotations.running] === 'true' ? 'True' : 'False',
      reason: reported[annotations.runningReason] ?? '',
      message: reported[annotations.runningMessage] ?? '',
    };
  }
  if (transfer?.error !== undefined) {
    const { reason, message } = failureOf(transfer.error);
    return notRunning(reason, message);
  }
  if (transfer) {
    return { type: 'Running', status: 'True', reason: 'Pod is running', message: transfer.step };
  }
  if (facts.pending) return notRunning(facts.pending.reason, facts.pending.message);
  return notRunning('', waiting ?? '');
}
