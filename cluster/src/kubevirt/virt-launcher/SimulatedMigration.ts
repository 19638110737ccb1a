import type { MigrationEnd, MigrationProgress, OutgoingMigration } from './GuestRuntime.ts';

interface Options {
  clock: { after(ms: number, callback: () => void): () => void };
  totalBytes: number;
  /** Bytes per second; 0: as fast as it goes. */
  bandwidth: number;
  leastMs: number;
  fails: boolean;
  converges: boolean;
  /** Has the guest stand still; gives whether its memory is still not sent then. */
  onHeld: () => boolean;
  onCompleted: () => void;
}

/** A migration that takes its time and moves nothing. */
export class SimulatedMigration implements OutgoingMigration {
  readonly end: Promise<MigrationEnd>;
  readonly #options: Options;
  readonly #stop: () => void = () => undefined;
  #resolve: (end: MigrationEnd) => void = () => undefined;
  #ended: MigrationEnd | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.end = new Promise((resolve) => (this.#resolve = resolve));
    const { clock, totalBytes, bandwidth, leastMs, fails, converges } = options;
    const ms = Math.max(leastMs, bandwidth > 0 ? (totalBytes / bandwidth) * 1000 : 0);
    if (!converges) return;
    this.#stop = clock.after(ms, () => {
      if (fails) this.fail('its name asks for it (-fails-to-migrate)');
      else this.#settle({ outcome: 'completed', downtimeMs: 1 });
    });
  }

  progress(): Promise<MigrationProgress> {
    const total = this.#options.totalBytes;
    const done = this.#ended?.outcome === 'completed';
    return Promise.resolve({
      transferredBytes: done ? total : 0,
      remainingBytes: done ? 0 : total,
      totalBytes: total,
    });
  }

  cancel(): Promise<void> {
    this.#settle({ outcome: 'cancelled' });
    return Promise.resolve();
  }

  startPostCopy(): Promise<void> {
    this.#settle({ outcome: 'completed', downtimeMs: 1 });
    return Promise.resolve();
  }

  /** A guest that writes to no memory has soon sent it. */
  hold(): Promise<void> {
    if (!this.#options.onHeld()) this.#settle({ outcome: 'completed', downtimeMs: 1 });
    return Promise.resolve();
  }

  fail(reason: string): void {
    this.#settle({ outcome: 'failed', reason });
  }

  #settle(end: MigrationEnd): void {
    if (this.#ended) return;
    this.#ended = end;
    this.#stop();
    if (end.outcome === 'completed') this.#options.onCompleted();
    this.#resolve(end);
  }
}
