import type { Clock } from '~/k8s/Clock';
import { type Failure, toFailure } from '~/k8s/errors';

/** The last picture of something, and why there is no newer one. */
export type Picture = { url: string | undefined; failure: Failure | undefined };

export type Rounds = {
  /** Takes one picture; rejects with what `toFailure` understands. */
  take: (path: string) => Promise<string>;
  clock: Clock;
  /** Whether anybody can look now; a hidden page asks for nothing. */
  isSeen: () => boolean;
};

/** Requests at the same time, for all pictures together. */
export const picturesAtOnce = 4;
/** Milliseconds between two pictures of one screen, while few are looked at. */
const shortest = 3_000;
/** Milliseconds by which each screen that is looked at lengthens that for all. */
const each = 250;
/** Milliseconds after a failure, doubled by each further one up to the longest. */
const afterFailure = 5_000;
const longest = 60_000;
/** Pictures kept of what is out of sight, for when it comes back into view. */
const kept = 100;

type Entry = {
  path: string;
  listeners: Set<() => void>;
  picture: Picture;
  failures: number;
  isBusy: boolean;
  /** In the line of those whose time has come. */
  isDue: boolean;
  cancel: (() => void) | undefined;
};

const nothing: Picture = { url: undefined, failure: undefined };

/**
 * Keeps pictures of many screens fresh, a few requests at a time and in turns: only of those that
 * somebody looks at, and the more there are the more seldom.
 */
export class PictureRounds {
  readonly #entries = new Map<string, Entry>();
  readonly #due: Entry[] = [];
  #busy = 0;

  constructor(private readonly rounds: Rounds) {}

  get(path: string): Picture {
    return this.#entries.get(path)?.picture ?? nothing;
  }

  /** While somebody listens the picture is taken again and again. */
  subscribe(path: string, listener: () => void): () => void {
    let entry = this.#entries.get(path);
    if (entry === undefined) {
      entry = {
        ...{ path, listeners: new Set(), picture: nothing, failures: 0 },
        ...{ isBusy: false, isDue: false, cancel: undefined },
      };
      this.#entries.set(path, entry);
    }
    const known = entry;
    known.listeners.add(listener);
    if (known.listeners.size === 1 && !known.isBusy) this.#enqueue(known);
    return () => {
      known.listeners.delete(listener);
      if (known.listeners.size === 0) this.#leave(known);
    };
  }

  #enqueue(entry: Entry): void {
    entry.cancel?.();
    entry.cancel = undefined;
    if (entry.isDue || entry.isBusy) return;
    entry.isDue = true;
    this.#due.push(entry);
    this.#next();
  }

  #leave(entry: Entry): void {
    entry.cancel?.();
    entry.cancel = undefined;
    if (entry.isDue) {
      entry.isDue = false;
      this.#due.splice(this.#due.indexOf(entry), 1);
    }
    // Those that were left first are forgotten first.
    this.#entries.delete(entry.path);
    this.#entries.set(entry.path, entry);
    const idle = [...this.#entries.values()].filter((one) => one.listeners.size === 0);
    for (const { path } of idle.slice(0, Math.max(0, idle.length - kept))) {
      this.#entries.delete(path);
    }
  }

  #next(): void {
    while (this.#busy < picturesAtOnce) {
      const entry = this.#due.shift();
      if (entry === undefined) return;
      entry.isDue = false;
      if (this.rounds.isSeen()) void this.#take(entry);
      else this.#later(entry, shortest);
    }
  }

  async #take(entry: Entry): Promise<void> {
    entry.isBusy = true;
    this.#busy += 1;
    try {
      const url = await this.rounds.take(entry.path);
      entry.failures = 0;
      entry.picture = { url, failure: undefined };
    } catch (error) {
      entry.failures += 1;
      // The last picture stays beside the reason.
      entry.picture = { url: entry.picture.url, failure: toFailure(error) };
    }
    entry.isBusy = false;
    this.#busy -= 1;
    for (const listener of [...entry.listeners]) listener();
    if (entry.listeners.size > 0) this.#later(entry, this.#pause(entry));
    this.#next();
  }

  #pause({ failures }: Entry): number {
    const watched = [...this.#entries.values()].filter(({ listeners }) => listeners.size > 0);
    const usual = shortest + each * watched.length;
    const failed = failures === 0 ? 0 : Math.min(longest, afterFailure * 2 ** (failures - 1));
    return Math.max(usual, failed);
  }

  #later(entry: Entry, milliseconds: number): void {
    entry.cancel?.();
    entry.cancel = this.rounds.clock.after(milliseconds, () => this.#enqueue(entry));
  }
}
