import { timestamp } from '../../client/timestamp.ts';
import type { DataImportCron, DataVolumeCondition } from '../resources.ts';

type Told = readonly [status: 'True' | 'False', reason: string, message: string];

/** Reasons and messages of CDI (pkg/controller/dataimportcron-conditions.go, c07cdb6). */
export const told = {
  noImport: ['False', 'NoImport', 'No current import'],
  scheduled: ['False', 'ImportScheduled', 'Import is scheduled'],
  progressing: ['True', 'ImportProgressing', 'Import is progressing'],
  notAuthorized: ['False', 'NotAuthorized', 'Not authorized to create DataVolume'],
  notYet: ['False', 'ImportProgressing', 'Import is progressing'],
  outdated: ['False', 'Outdated', 'Source digest updated since last import'],
  noDigest: ['False', 'NoDigest', 'No source digest'],
  upToDate: ['True', 'UpToDate', 'Latest import is up to date'],
  snapshotting: ['False', 'ImportProgressing', 'Snapshot of imported data is progressing'],
} as const satisfies Record<string, Told>;

/** Sets a condition in the status of a cron. `now` is in milliseconds. */
export function tell(
  cron: DataImportCron,
  type: 'Progressing' | 'UpToDate',
  [status, reason, message]: Told,
  now: number,
): void {
  const before = cron.status?.conditions ?? [];
  const known = before.find((condition) => condition.type === type);
  if (known?.status === status && known.reason === reason && known.message === message) return;
  const time = timestamp(now);
  const next: DataVolumeCondition = {
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: time,
    lastTransitionTime: known?.status === status ? (known.lastTransitionTime ?? time) : time,
  };
  const conditions = known
    ? before.map((condition) => (condition === known ? next : condition))
    : [...before, next];
  cron.status = { ...cron.status, conditions };
}
