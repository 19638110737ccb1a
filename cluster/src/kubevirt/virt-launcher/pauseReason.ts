import type { Qmp } from './Qmp.ts';

/** Whether a guest stands still because somebody or its migration asked for it, or because a disk failed. */
export type PauseReason = 'user' | 'io-error' | 'migration';

/** Of the reasons to stop, only the run state tells which it was; undefined for one that is on its way elsewhere. */
export async function pauseReason(
  qmp: Qmp,
  isHeld: boolean | undefined,
): Promise<PauseReason | undefined> {
  const { status } = (await qmp.execute('query-status')) as { status: string };
  if (status === 'paused') return isHeld ? 'migration' : 'user';
  return status === 'io-error' ? 'io-error' : undefined;
}

/** What is logged of a disk that failed, from the data of QEMU's event BLOCK_IO_ERROR. */
export function ioErrorText(data: Record<string, unknown>): string {
  return `${String(data['operation'])} of ${String(data['qom-path'])}: ${String(data['reason'])}`;
}
