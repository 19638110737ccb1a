import { backoffDelay } from '~/k8s/backoff';
import type { Cancel, Clock } from '~/k8s/Clock';
import { type Failure, isTransient, ownFailure, toFailure } from '~/k8s/errors';
import { isRecord } from '~/k8s/isRecord';
import { collectionPath, listPage, notUnderstood } from '~/k8s/listPage';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import type { WatchTransport } from '~/k8s/WatchTransport';
import type { WatchTarget } from '~/k8s/WatchTarget';

/** Where a stream puts what it learns. */
export type WatchSink = {
  /** A list begins anew; objects that it does not bring are gone at `listed`. */
  listing(): void;
  page(objects: readonly KubernetesObject[]): void;
  listed(): void;
  changed(object: KubernetesObject): void;
  deleted(object: KubernetesObject): void;
  /** What is shown is no longer known to be true. */
  failed(failure: Failure): void;
  /** The connection is up. */
  live(): void;
};

const pageSize = 500;

/** More than any screen shows: the first rows need not wait for the others. */
const firstPageSize = 100;

/** A watch that lasted this long was a good one, whatever ended it. */
const stableAfter = 5_000;

/**
 * A half-open TCP connection never reports its end. A server that honours bookmarks sends one about
 * every minute (apiserver storage/cacher bookmarkFrequency), so five silent minutes are suspicious;
 * resuming costs one handshake.
 */
const silenceLimit = 300_000;

/** Silence is looked for so often: a timer of its own for each of many messages would cost more than it. */
const silenceChecks = 5;

const connectionLost = ownFailure(
  'Connection lost',
  'The connection to the cluster was lost. It is being retried.',
);

/**
 * Follows one collection: a paged list, then a watch from the list's resourceVersion, resumed when
 * it drops and begun anew when the server has forgotten that version (410).
 *
 *   list --all pages--> watch --dropped after a good time--> watch (same version)
 *    ^                    | 410, or handshake refused
 *    +---- backoff -------+
 *
 * A refused handshake leads to a list, because a browser does not tell why a WebSocket was refused;
 * the list does. Where WebSockets are blocked altogether this amounts to polling.
 */
export class WatchStream {
  #abort: AbortController | undefined;
  #socket: { close(): void } | undefined;
  #cancelRetry: Cancel | undefined;
  #cancelStable: Cancel | undefined;
  #cancelSilence: Cancel | undefined;
  /** How many looks in a row found that nothing had come. */
  #silentLooks = 0;
  #version = '';
  #failures = 0;
  #everListed = false;
  /** The last loss was of the watch: then only a watch that opens proves that all is well again. */
  #watchLost = false;

  constructor(
    private readonly target: WatchTarget,
    private readonly transport: WatchTransport,
    private readonly clock: Clock,
    private readonly sink: WatchSink,
  ) {}

  /** Lists (again) and watches from there; also the answer to a user's "Retry". */
  list(): void {
    this.close();
    const abort = new AbortController();
    this.#abort = abort;
    this.sink.listing();
    this.#fetchPages(abort.signal).then(
      () => {
        if (abort.signal.aborted) return;
        this.#everListed = true;
        this.sink.listed();
        if (!this.#watchLost) this.sink.live();
        this.#watch();
      },
      (error: unknown) => {
        if (!abort.signal.aborted) this.#listFailed(toFailure(error));
      },
    );
  }

  close(): void {
    this.#abort?.abort();
    this.#closeSocket();
    this.#cancelRetry?.();
  }

  /** The first page's version counts: what changed while later pages came is replayed by the watch. */
  async #fetchPages(signal: AbortSignal): Promise<void> {
    let version: string | undefined;
    let continueToken: string | undefined;
    do {
      const limit = continueToken === undefined ? firstPageSize : pageSize;
      const page = await listPage(this.transport, this.target, {
        limit,
        token: continueToken,
        signal,
      });
      if (signal.aborted) return;
      version ??= page.resourceVersion;
      continueToken = page.continueToken;
      this.sink.page(page.items);
    } while (continueToken !== undefined);
    this.#version = version;
  }

  #listFailed(failure: Failure): void {
    this.#failures += 1;
    const retried = this.#everListed || isTransient(failure);
    // An expired continue token is the server's way to say: too slow, begin anew.
    if (failure.status !== 410 || this.#failures > 1) this.sink.failed(failure);
    if (retried) this.#retryLater();
  }

  #watch(): void {
    let opened = false;
    const socket = this.transport.openSocket(this.#watchPath(), {
      opened: () => {
        if (this.#socket !== socket) return;
        opened = true;
        this.#watchLost = false;
        this.sink.live();
        this.#silentLooks = 0;
        this.#listenForSilence();
        this.#cancelStable = this.clock.after(stableAfter, () => {
          this.#failures = 0;
        });
      },
      message: (text) => {
        if (this.#socket !== socket) return;
        this.#silentLooks = 0;
        this.#receive(text);
      },
      closed: () => {
        if (this.#socket !== socket) return;
        this.#closeSocket();
        this.#dropped(opened);
      },
    });
    this.#socket = socket;
  }

  #dropped(wasOpen: boolean): void {
    this.#failures += 1;
    if (wasOpen && this.#failures === 1) {
      // Servers end every watch after some time; that is no loss worth telling.
      this.#cancelRetry = this.clock.after(this.clock.random() * 300, () => {
        this.#watch();
      });
      return;
    }
    this.#watchLost = true;
    this.sink.failed(connectionLost);
    this.#retryLater();
  }

  #receive(text: string): void {
    try {
      const event = parseEvent(text);
      if (event.type === 'ERROR') {
        this.#refused(toFailure(event.object));
        return;
      }
      this.#version = event.object.metadata?.resourceVersion ?? this.#version;
      if (event.type === 'DELETED') this.sink.deleted(event.object);
      else if (event.type !== 'BOOKMARK') this.sink.changed(event.object);
    } catch (error) {
      this.#refused(toFailure(error));
    }
  }

  /** The watch cannot go on; at the first 410 a new list helps at once. */
  #refused(failure: Failure): void {
    this.#closeSocket();
    this.#failures += 1;
    if (failure.status === 410 && this.#failures === 1) {
      this.list();
      return;
    }
    this.sink.failed(failure);
    this.#retryLater();
  }

  #retryLater(): void {
    const delay = backoffDelay(this.#failures, this.clock.random());
    this.#cancelRetry = this.clock.after(delay, () => {
      this.list();
    });
  }

  #listenForSilence(): void {
    this.#cancelSilence = this.clock.after(silenceLimit / silenceChecks, () => {
      this.#silentLooks += 1;
      if (this.#silentLooks < silenceChecks) {
        this.#listenForSilence();
        return;
      }
      this.#closeSocket();
      this.#watch();
    });
  }

  #closeSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#cancelStable?.();
    this.#cancelSilence?.();
  }

  #watchPath(): string {
    return collectionPath(this.target, {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: this.#version,
    });
  }
}

type WatchEvent = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubernetesObject;
};

function parseEvent(text: string): WatchEvent {
  const event: unknown = JSON.parse(text);
  if (!isRecord(event) || typeof event['type'] !== 'string' || !isRecord(event['object'])) {
    throw notUnderstood('A message of a watch has no type or no object.');
  }
  return event as WatchEvent;
}
