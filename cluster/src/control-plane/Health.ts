import { timestamp } from '../client/timestamp.ts';

/** Whether the control plane has read what there is, and works. */
export class Health {
  /** When the program was started, RFC 3339. */
  readonly since: string;
  #works = false;
  readonly #listeners: (() => void)[] = [];

  /** `now` in milliseconds. */
  constructor(now: number) {
    this.since = timestamp(now);
  }

  get works(): boolean {
    return this.#works;
  }

  onWorking(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** All parts have been started. */
  begin(): void {
    this.#works = true;
    for (const listener of this.#listeners) listener();
  }
}
