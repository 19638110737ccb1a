import type { Clock } from '../../client/Clock.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import type { Guest, GuestEnd } from '../virt-launcher/GuestRuntime.ts';

/** How long a guest may take to shut down. */
export const graceSecondsOf = ({ spec }: VirtualMachineInstance): number =>
  spec.terminationGracePeriodSeconds ?? 30;

/** Shuts guests down: the ACPI button once, and the end when their grace period is over. */
export class PowerButton {
  readonly #clock: Clock;
  /** UIDs of those whose button was pressed, and when. */
  readonly #pressed = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wasPressed(uid: string): boolean {
    return this.#pressed.has(uid);
  }

  /** Gives the time that the guest has left, in ms; 0 or less: it has been ended. */
  async press(uid: string, guest: Guest, graceSeconds: number): Promise<number> {
    const now = this.#clock.now();
    const since = this.#pressed.get(uid);
    const left = (since ?? now) + graceSeconds * 1000 - now;
    if (left <= 0) {
      await guest.destroy();
      return 0;
    }
    if (since === undefined) {
      this.#pressed.set(uid, now);
      if (guest.state === 'paused') await guest.resume();
      await guest.powerdown();
    }
    return left;
  }

  /** How a guest ended: one that had to be ended because it did not listen to its button was killed. */
  endOf(uid: string, end: GuestEnd, graceSeconds: number): GuestEnd | 'killed' {
    const had = this.wasPressed(uid) && graceSeconds > 0;
    return had && end === 'destroyed' ? 'killed' : end;
  }

  forget(uid: string): void {
    this.#pressed.delete(uid);
  }
}
