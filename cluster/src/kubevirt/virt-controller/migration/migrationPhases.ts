import type { Pod } from '../../../client/resources.ts';
import { timestamp } from '../../../client/timestamp.ts';
import type { VirtualMachineInstance, VirtualMachineInstanceMigration } from '../../resources.ts';
import { isPodReady } from '../podState.ts';

export type MigrationState = NonNullable<
  NonNullable<VirtualMachineInstance['status']>['migrationState']
>;
type Status = NonNullable<VirtualMachineInstanceMigration['status']>;

export const isFinalPhase = (phase: string | undefined) =>
  phase === 'Succeeded' || phase === 'Failed';

export const isOver = ({ status }: VirtualMachineInstanceMigration) => isFinalPhase(status?.phase);

/** Takes part in the limits: it has a target pod, or is about to. */
export const isRunning = (migration: VirtualMachineInstanceMigration) =>
  !isOver(migration) && !['', 'Pending'].includes(migration.status?.phase ?? '');

/** What the VMI tells of this migration; undefined while it tells of another one, or of none. */
export function stateOf(
  migration: VirtualMachineInstanceMigration,
  vmi: VirtualMachineInstance | undefined,
): MigrationState | undefined {
  const state = vmi?.status?.migrationState;
  return state?.migrationUid === migration.metadata.uid ? state : undefined;
}

export function enterMigrationPhase(
  migration: VirtualMachineInstanceMigration,
  phase: string,
  now: number,
): Status {
  const status = migration.status ?? {};
  if (status.phase === phase) return status;
  return {
    ...status,
    phase,
    phaseTransitionTimestamps: [
      ...(status.phaseTransitionTimestamps ?? []),
      { phase, phaseTransitionTimestamp: timestamp(now) },
    ],
  };
}

const isDown = (pod: Pod) =>
  pod.metadata.deletionTimestamp !== undefined || isFinalPhase(pod.status?.phase);

/**
 * Why a migration that is not over cannot go on; undefined when it can. Texts of
 * pkg/virt-controller/watch/migration/migration.go (d923fdb).
 */
export function failureOf(
  migration: VirtualMachineInstanceMigration,
  vmi: VirtualMachineInstance | undefined,
  pod: Pod | undefined,
): string | undefined {
  if (!vmi) return 'Migration failed because vmi does not exist.';
  if (isFinalPhase(vmi.status?.phase)) return 'Migration failed vmi shutdown during migration.';
  const state = stateOf(migration, vmi);
  if (state?.failed) return 'source node reported migration failed';
  // It may be too late to stop: then it has moved.
  if (state?.completed) return undefined;
  const handedOver = state !== undefined;
  if (migration.metadata.deletionTimestamp && !handedOver) {
    return 'Migration failed due to being canceled';
  }
  if (isRunning(migration) && (!pod || isDown(pod))) {
    return 'Migration failed because target pod shutdown during migration';
  }
  return undefined;
}

/** The phase after the present one, once what it waits for is there. */
export function nextPhase(
  migration: VirtualMachineInstanceMigration,
  vmi: VirtualMachineInstance,
  pod: Pod | undefined,
): string | undefined {
  const state = stateOf(migration, vmi);
  switch (migration.status?.phase ?? '') {
    case '':
      return 'Pending';
    case 'Pending':
      return pod && 'Scheduling';
    case 'Scheduling':
      // The guest answers its readiness probe in the source until it has moved.
      return pod?.spec.nodeName && isPodReady(pod) ? 'Scheduled' : undefined;
    case 'Scheduled':
      return state?.targetNode && 'PreparingTarget';
    case 'PreparingTarget':
      return state?.targetNodeAddress && 'TargetReady';
    case 'TargetReady':
      return state?.startTimestamp && 'Running';
    case 'Running':
      return state?.completed && state.endTimestamp ? 'Succeeded' : undefined;
    default:
      return undefined;
  }
}
