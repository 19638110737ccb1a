import type { Clock } from '../../../client/Clock.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { KubeClient } from '../../../client/KubeClient.ts';
import { timestamp } from '../../../client/timestamp.ts';
import {
  type VirtualMachineInstance,
  type VirtualMachineInstanceMigration,
  virtualMachineInstanceMigrations,
  virtualMachineInstances,
} from '../../resources.ts';
import { messageOf } from '../../../client/messageOf.ts';
import { stateOf } from './migrationPhases.ts';

interface Dependencies {
  client: KubeClient;
  recorder: EventRecorder;
  clock: Clock;
}

/**
 * Asks the source for the end of a migration that was handed over, or ends it if it has not begun. KubeVirt:
 * markMigrationAbortInVmiStatus of pkg/virt-controller/watch/migration/migration.go (d923fdb).
 */
export async function abortMigration(
  { client, recorder, clock }: Dependencies,
  migration: VirtualMachineInstanceMigration,
  vmi: VirtualMachineInstance,
): Promise<void> {
  const state = stateOf(migration, vmi);
  if (!state || state.abortRequested || state.endTimestamp) return;
  const migrationState = {
    ...state,
    abortRequested: true,
    ...(state.startTimestamp === undefined && {
      abortStatus: 'Succeeded',
      failed: true,
      failureReason: 'Live migration aborted',
      endTimestamp: timestamp(clock.now()),
    }),
  };
  try {
    const status = { ...vmi.status, migrationState };
    if (!(await ignoreGone(client.update(virtualMachineInstances, { ...vmi, status })))) return;
  } catch (error) {
    const why = messageOf(error);
    const text = `failed to set MigrationState in VMI status. :${why}`;
    recorder.warning(migration, 'FailedAbortMigration', text);
    throw error;
  }
  const text = 'Migration is ready to be canceled by virt-handler.';
  recorder.normal(migration, 'SuccessfulAbortMigration', text);
  const conditions = [{ type: 'migrationAbortRequested', status: 'True' }];
  const patch = { type: 'merge', body: { status: { conditions } } } as const;
  const options = { subresource: 'status' } as const;
  await ignoreGone(
    client.patch(virtualMachineInstanceMigrations, migration.metadata, patch, options),
  );
}
