import type { QemuProcess } from './QemuProcess.ts';
import type { Qmp } from './Qmp.ts';

/** A guest that is still booting does not see the power button: press again. */
const PRESS_AGAIN_MS = 5000;

/** Presses the power button until the guest is gone or its time is over. */
export async function powerdownWithin(
  graceMs: number,
  process: QemuProcess,
  qmp: Qmp,
): Promise<void> {
  const deadline = Date.now() + graceMs;
  while (process.alive && Date.now() < deadline && !qmp.closed) {
    await qmp.execute('system_powerdown').catch((error: unknown) => {
      if (!qmp.closed) throw error;
    });
    await process.gone(Math.min(PRESS_AGAIN_MS, deadline - Date.now()));
  }
}
