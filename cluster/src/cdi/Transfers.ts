import type { Clock, Timer } from '../client/Clock.ts';
import { asImportError, failureOf } from './importer/ImportError.ts';

/** A transfer into a claim: under way, or failed and to be tried again. */
export interface Transfer {
  /** 0 to 1. */
  fraction: number;
  /** What is being done, for people. */
  step: string;
  /** Why the last try failed. */
  error?: string;
  /** Tries that failed. */
  restarts: number;
}

export interface Work {
  run(tell: (fraction: number, step: string) => void, signal: AbortSignal): Promise<void>;
  /** After the bytes are there. The transfer counts as under way until `end` is called. */
  done(): Promise<void>;
  /** `restarts`: tries that failed so far, of those that another one follows. */
  failed(message: string, restarts: number): Promise<void>;
  /** Told that `Transfers.get` says something new. */
  changed(): void;
}

interface Entry extends Transfer {
  abort: AbortController;
  retry?: Timer | undefined;
  told: number;
}

/** As the kubelet restarts a container that fails: twice as late each time. */
const firstRetryMs = 5000;
const longestRetryMs = 300_000;
/** CDI asks its pods every two seconds. */
const tellEveryMs = 1000;

/** The transfers of this program, by the UID of the claim that they fill. */
export class Transfers {
  readonly #entries = new Map<string, Entry>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(uid: string): Transfer | undefined {
    return this.#entries.get(uid);
  }

  /** Begins in the background, and tries again and again until it succeeds, fails for good or is ended. */
  start(uid: string, work: Work, restarts: number): void {
    if (this.#entries.has(uid)) return;
    const entry: Entry = {
      fraction: 0,
      step: '',
      restarts,
      abort: new AbortController(),
      told: 0,
    };
    this.#entries.set(uid, entry);
    void this.#run(uid, entry, work);
  }

  /** Ends what is under way for a claim; what was written is removed. */
  end(uid: string): void {
    const entry = this.#entries.get(uid);
    this.#entries.delete(uid);
    entry?.abort.abort();
    if (entry?.retry !== undefined) this.#clock.clearTimeout(entry.retry);
  }

  /** Ends all transfers; those cut off start anew with the next start of the program. */
  close(): void {
    for (const uid of [...this.#entries.keys()]) this.end(uid);
  }

  async #run(uid: string, entry: Entry, work: Work): Promise<void> {
    const { signal } = entry.abort;
    const tell = (fraction: number, step: string) => {
      const shown = fraction === 0 || step !== entry.step;
      entry.fraction = Math.min(fraction, 1);
      entry.step = step;
      const now = performance.now();
      if (!shown && now - entry.told < tellEveryMs) return;
      entry.told = now;
      work.changed();
    };
    try {
      await work.run(tell, signal);
      signal.throwIfAborted();
      // The entry stays until the claim is seen to be filled, else the transfer would begin again.
      await work.done();
    } catch (error) {
      if (signal.aborted) return;
      const { message } = asImportError(error);
      entry.error = message;
      if (!failureOf(message).isFatal) this.#retryLater(uid, entry, work);
      // What could not be written down is told by the next try.
      await work.failed(message, entry.restarts).catch(() => undefined);
    }
    work.changed();
  }

  #retryLater(uid: string, entry: Entry, work: Work): void {
    entry.restarts += 1;
    const delay = Math.min(firstRetryMs * 2 ** (entry.restarts - 1), longestRetryMs);
    entry.retry = this.#clock.setTimeout(() => {
      delete entry.error;
      entry.fraction = 0;
      void this.#run(uid, entry, work);
    }, delay);
  }
}
