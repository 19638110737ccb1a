import type { Clock } from '../../client/Clock.ts';
import type { Guest } from '../virt-launcher/GuestRuntime.ts';

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

  forget(uid: string): void {
    this.#pressed.delete(uid);
  }
}
