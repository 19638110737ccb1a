import { hearsPowerButton } from './powerButton.ts';
import type { QemuProcess } from './QemuProcess.ts';
import type { Qmp } from './Qmp.ts';

/** A guest that is still booting does not see the power button: press again. */
const PRESS_AGAIN_MS = 5000;
/** What has not enabled the power button after this time is not waited for: most likely there is no system at all. */
const DEAF_MS = 5000;
const LOOK_MS = 500;

/** Presses the power button until the guest is gone, its time is over, or it turns out to have nobody who listens. */
export async function powerdownWithin(
  graceMs: number,
  process: QemuProcess,
  qmp: Qmp,
): Promise<void> {
  const begin = Date.now();
  const deadline = begin + graceMs;
  const isOver = () => !process.alive || Date.now() >= deadline || qmp.closed;
  while (!isOver()) {
    const heard = await unlessGone(qmp, true, () => hearsPowerButton(qmp));
    await unlessGone(qmp, undefined, () => qmp.execute('system_powerdown'));
    if (heard) {
      await process.gone(Math.min(PRESS_AGAIN_MS, deadline - Date.now()));
      continue;
    }
    if (Date.now() - begin >= DEAF_MS) return;
    await process.gone(Math.min(LOOK_MS, deadline - Date.now()));
  }
}

/** A guest that ends meanwhile closes its monitor, which is what is wanted. */
async function unlessGone<T>(qmp: Qmp, otherwise: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!qmp.closed) throw error;
    return otherwise;
  }
}
