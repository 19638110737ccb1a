import { expect, test, vi } from 'vitest';

import { realClock } from '../../../client/Clock.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import type { KubeClient } from '../../../client/KubeClient.ts';
import type { VirtualMachineInstance, VirtualMachineInstanceMigration } from '../../resources.ts';
import { abortMigration } from './abortMigration.ts';

const migration = { metadata: { uid: 'move' } } as VirtualMachineInstanceMigration;
const vmi = {
  metadata: { name: 'web' },
  status: { migrationState: { migrationUid: 'move' } },
} as VirtualMachineInstance;

/** Source: markMigrationAbortInVmiStatus of pkg/virt-controller/watch/migration/migration.go (d923fdb). */
test('an abort that could not be passed on is told, and tried again', async () => {
  const update = vi.fn(() => Promise.reject(new Error('the disk is full')));
  const warning = vi.fn();
  const normal = vi.fn();
  const parts = {
    client: { update } as unknown as KubeClient,
    recorder: { warning, normal } as unknown as EventRecorder,
    clock: realClock,
  };
  await expect(abortMigration(parts, migration, vmi)).rejects.toThrow('the disk is full');
  expect(warning.mock.calls).toEqual([
    [
      migration,
      'FailedAbortMigration',
      'failed to set MigrationState in VMI status. :the disk is full',
    ],
  ]);
  expect(normal).not.toHaveBeenCalled();
});
