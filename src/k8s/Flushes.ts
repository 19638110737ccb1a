import type { Cancel, Clock } from '~/k8s/Clock';

/** Something whose news are told in one go. */
export type Flushed = {
  /** Telling costs much; between two tellings others get their turn. */
  readonly isLarge: boolean;
  flush(): void;
};

/** Milliseconds between two tellings of what is large: still five times in a second. */
const restFor = 200;

/**
 * Decides when subscribers hear of news: all together before the next paint, so that they draw once;
 * large lists after a rest only. The first news after a quiet time never waits.
 */
export class Flushes {
  readonly #dirty = new Set<Flushed>();
  #frame: Cancel | undefined;
  #resting = false;

  constructor(private readonly clock: Clock) {}

  soon(flushed: Flushed): void {
    this.#dirty.add(flushed);
    this.#request();
  }

  /** It has ended: nothing of it is told any more. */
  forget(flushed: Flushed): void {
    this.#dirty.delete(flushed);
  }

  #due(): Flushed[] {
    return [...this.#dirty].filter(({ isLarge }) => !isLarge || !this.#resting);
  }

  #request(): void {
    if (this.#frame !== undefined || this.#due().length === 0) return;
    this.#frame = this.clock.nextFrame(() => {
      this.#frame = undefined;
      const due = this.#due();
      due.forEach((flushed) => {
        this.#dirty.delete(flushed);
        flushed.flush();
      });
      if (due.some(({ isLarge }) => isLarge)) this.#rest();
    });
  }

  #rest(): void {
    this.#resting = true;
    this.clock.after(restFor, () => {
      this.#resting = false;
      this.#request();
    });
  }
}
