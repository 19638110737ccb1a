import type { Cancel, Clock } from '~/k8s/Clock';
import { type Failure, toFailure } from '~/k8s/errors';
import { listPage } from '~/k8s/listPage';
import type { WatchSink } from '~/k8s/WatchStream';
import type { WatchTarget } from '~/k8s/WatchTarget';
import type { WatchTransport } from '~/k8s/WatchTransport';

/** Requests at a time: a browser sends six to a host over HTTP/1.1, and others want some. */
const concurrency = 3;

const pageSize = 500;

/** Milliseconds between two rounds: at least the first, and longer with many collections. */
const restAtLeast = 10_000;
const restForEach = 250;

/**
 * Follows many collections by reading them in turns. It is for users who may list each of their
 * projects, but not all at once: a watch for each would hold a WebSocket per project and kind open,
 * of which a browser has 255 and each costs the API server memory for as long as the page is open.
 * A round of short lists from the server's cache costs little, and what it shows is seconds old.
 *
 * Collections that the user may not list are left out; the failure is told when there is no other.
 */
export class SweepStream {
  #abort: AbortController | undefined;
  #cancelNext: Cancel | undefined;

  constructor(
    private readonly targets: readonly WatchTarget[],
    private readonly transport: WatchTransport,
    private readonly clock: Clock,
    private readonly sink: WatchSink,
  ) {}

  /** Begins a round at once; also the answer to a user's "Retry". */
  list(): void {
    this.close();
    const abort = new AbortController();
    this.#abort = abort;
    void this.#round(abort.signal);
  }

  close(): void {
    this.#abort?.abort();
    this.#cancelNext?.();
  }

  async #round(signal: AbortSignal): Promise<void> {
    this.sink.listing();
    const waiting = [...this.targets];
    const refused: Failure[] = [];
    const failed: Failure[] = [];
    const worker = async (): Promise<void> => {
      for (let target = waiting.shift(); target && !signal.aborted; target = waiting.shift()) {
        const failure = await this.#read(target, signal);
        if (failure) (isRefusal(failure) ? refused : failed).push(failure);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    if (signal.aborted) return;
    const [failure = refused.length === this.targets.length ? refused[0] : undefined] = failed;
    if (failure === undefined) {
      this.sink.listed();
      this.sink.live();
    } else {
      this.sink.failed(failure);
    }
    const rest = Math.max(restAtLeast, restForEach * this.targets.length);
    this.#cancelNext = this.clock.after(rest, () => {
      void this.#round(signal);
    });
  }

  async #read(target: WatchTarget, signal: AbortSignal): Promise<Failure | undefined> {
    try {
      let token: string | undefined;
      do {
        const page = await listPage(this.transport, target, { limit: pageSize, token, signal });
        if (signal.aborted) return undefined;
        token = page.continueToken;
        this.sink.page(page.items);
      } while (token !== undefined);
      return undefined;
    } catch (error) {
      return toFailure(error);
    }
  }
}

/** The user may not list it, or it has gone meanwhile. */
function isRefusal({ status }: Failure): boolean {
  return status === 401 || status === 403 || status === 404;
}
