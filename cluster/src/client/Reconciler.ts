import { messageOf } from './messageOf.ts';
import { realClock, type Clock, type Timer } from './Clock.ts';

export interface ReconcileResult {
  /** Look at the key again after this time even if nothing changes. */
  readonly requeueAfterMs?: number;
}

export interface ReconcilerOptions {
  /** For the log. */
  readonly name: string;
  /** Brings the world nearer to what the object of that key wants. A throw is tried again later. */
  readonly reconcile: (key: string) => Promise<ReconcileResult | undefined>;
  /** Keys that are worked on at the same time; 4 when absent. */
  readonly concurrency?: number;
  readonly clock?: Clock;
  /** Spreads retries; 0 to 1. */
  readonly random?: () => number;
  readonly log?: (message: string) => void;
}

const firstRetryMs = 50;
const longestRetryMs = 30_000;
const defaultConcurrency = 4;

/**
 * A queue of keys. A key that waits is there once however often it is added; no key is worked on
 * twice at a time, and one that is added meanwhile is worked on again afterwards.
 */
export class Reconciler {
  private readonly waiting = new Set<string>();
  private readonly running = new Set<string>();
  private readonly addedWhileRunning = new Set<string>();
  private readonly failures = new Map<string, number>();
  private readonly timers = new Map<string, { timer: Timer; due: number }>();
  private readonly clock: Clock;
  private readonly idle: (() => void)[] = [];
  private closed = false;

  constructor(private readonly options: ReconcilerOptions) {
    this.clock = options.clock ?? realClock;
  }

  /** Asks for the key to be worked on as soon as possible. */
  add(key: string): void {
    if (this.closed) return;
    if (this.running.has(key)) this.addedWhileRunning.add(key);
    else this.waiting.add(key);
    this.next();
  }

  /** Asks for the key after some time; an earlier appointment of the same key stands. */
  addAfter(key: string, milliseconds: number): void {
    if (this.closed) return;
    const due = this.clock.now() + milliseconds;
    const appointed = this.timers.get(key);
    if (appointed !== undefined) {
      if (appointed.due <= due) return;
      this.clock.clearTimeout(appointed.timer);
    }
    const timer = this.clock.setTimeout(() => {
      this.timers.delete(key);
      this.add(key);
    }, milliseconds);
    this.timers.set(key, { timer, due });
  }

  /** Resolves when nothing waits and nothing runs; appointments are not waited for. */
  async settled(): Promise<void> {
    if (this.waiting.size === 0 && this.running.size === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Takes no more keys, forgets those that wait, and resolves when the running work has ended. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting.clear();
    this.addedWhileRunning.clear();
    for (const { timer } of this.timers.values()) this.clock.clearTimeout(timer);
    this.timers.clear();
    await this.settled();
  }

  private next(): void {
    const concurrency = this.options.concurrency ?? defaultConcurrency;
    for (const key of this.waiting) {
      if (this.running.size >= concurrency) return;
      this.waiting.delete(key);
      this.running.add(key);
      void this.run(key);
    }
    if (this.running.size === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  private async run(key: string): Promise<void> {
    try {
      // The first await keeps reconcile out of the turn of whoever added the key.
      await Promise.resolve();
      const result = await this.options.reconcile(key);
      this.failures.delete(key);
      if (result?.requeueAfterMs !== undefined) this.addAfter(key, result.requeueAfterMs);
    } catch (error) {
      const failures = (this.failures.get(key) ?? 0) + 1;
      this.failures.set(key, failures);
      const delay = this.retryDelay(failures);
      const text = messageOf(error);
      this.options.log?.(`${this.options.name} ${key}: ${text} (again in ${Math.round(delay)} ms)`);
      this.addAfter(key, delay);
    } finally {
      this.running.delete(key);
      if (this.addedWhileRunning.delete(key)) this.waiting.add(key);
      this.next();
    }
  }

  /** Doubles each time; the jitter takes away up to half. */
  private retryDelay(failures: number): number {
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 20));
    const random = this.options.random ?? Math.random;
    return longest * (1 - random() / 2);
  }
}
