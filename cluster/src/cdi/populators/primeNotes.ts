import type { PersistentVolumeClaim } from '../../client/resources.ts';
import { annotations, hasFailed } from '../claims.ts';
import { failureOf } from '../importer/ImportError.ts';
import type { Source } from '../sources.ts';
import type { Transfer } from '../Transfers.ts';
import type { Pending } from '../TransferStarts.ts';

interface Progress {
  source: Source;
  transfer: Transfer | undefined;
  /** Why it has not begun. */
  pending: Pending | undefined;
  /** What happened last to the claim that is filled. */
  lastEvent: string | undefined;
}

/**
 * How the filling of `prime` is getting on, as annotations of the claim that asked (pkg/controller/populators:
 * updatePVCWithPVCPrimeAnnotations, c07cdb6).
 */
export function primeNotes(
  prime: PersistentVolumeClaim,
  { source, transfer, pending, lastEvent }: Progress,
): Record<string, string> {
  const { [annotations.podPhase]: phase = 'Pending', [annotations.podReady]: ready } =
    prime.metadata.annotations ?? {};
  const percent =
    transfer && source.kind !== 'upload' && `${(transfer.fraction * 100).toFixed(2)}%`;
  return {
    [annotations.pvcPrime]: prime.metadata.name,
    [annotations.podPhase]: transfer && !hasFailed(prime) ? 'Running' : phase,
    [annotations.progress]: percent || 'N/A',
    [annotations.podRestarts]: String(transfer?.restarts ?? 0),
    ...(ready !== undefined && { [annotations.podReady]: ready }),
    ...runningNotes(prime, { source, transfer, pending }),
    ...(lastEvent !== undefined && {
      [annotations.bound]: 'false',
      [annotations.boundReason]: 'Pending',
      [annotations.boundMessage]: lastEvent,
    }),
  };
}

function runningNotes(
  prime: PersistentVolumeClaim,
  { source, transfer, pending }: Omit<Progress, 'lastEvent'>,
): Record<string, string> {
  const notes = (running: string, reason: string, message: string) => ({
    [annotations.running]: running,
    [annotations.runningReason]: reason,
    [annotations.runningMessage]: message,
  });
  if (hasFailed(prime)) {
    const own = prime.metadata.annotations ?? {};
    const reason = own[annotations.runningReason] ?? '';
    const told = notes('false', reason, own[annotations.runningMessage] ?? '');
    return { ...told, [annotations.fatalError]: 'true' };
  }
  if (transfer?.error !== undefined) {
    const { reason, message } = failureOf(transfer.error);
    return notes('false', reason, message);
  }
  if (transfer) return notes('true', 'Pod is running', transfer.step);
  const waiting = source.kind === 'waiting' ? source.message : '';
  return notes('false', pending?.reason ?? '', pending?.message ?? waiting);
}
