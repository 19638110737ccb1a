import type { Clock } from '~/k8s/Clock';
import type { Failure } from '~/k8s/errors';
import { type Flushed, Flushes } from '~/k8s/Flushes';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { loading, type Watched, type WatchedRows } from '~/k8s/Watched';
import { type Connection, WatchProjection } from '~/k8s/WatchProjection';
import { SweepStream } from '~/k8s/SweepStream';
import { type WatchSink, WatchStream } from '~/k8s/WatchStream';
import type { WatchTarget } from '~/k8s/WatchTarget';
import type { WatchTransport } from '~/k8s/WatchTransport';

/** One collection that is watched, or several that are read in turns. */
export type StoreTarget = WatchTarget | (Omit<WatchTarget, 'path'> & { paths: readonly string[] });

export type ToRow<Row> = (object: KubernetesObject) => Row;

export type WatchSource<T> = {
  subscribe: (listener: () => void) => () => void;
  getSnapshot: () => T;
};

/** Who shows a list of more rows filters and sorts for longer than many frames in a row can bear. */
const largeFrom = 1_000;

/** A user who goes to another page and back within this time finds the list as it was. */
const lingerFor = 5_000;

/**
 * Live lists of Kubernetes objects, shared by all who look at the same one. Independent of React and
 * of the browser; see `api/useWatch` for the hooks.
 */
export class WatchStore {
  readonly #topics = new Map<string, WatchTopic>();
  readonly #flushes: Flushes;

  constructor(
    private readonly transport: WatchTransport,
    private readonly clock: Clock,
  ) {
    this.#flushes = new Flushes(clock);
  }

  /**
   * The rows of a collection. Nothing is fetched until somebody subscribes; the stream closes a few
   * seconds after the last subscriber has left. `toRow` must be pure, and the same function each
   * time: it is part of the identity of what is shared.
   */
  watchList<Row>(target: StoreTarget, toRow: ToRow<Row>): WatchSource<Watched<WatchedRows<Row>>> {
    const { labelSelector = '', fieldSelector = '' } = target;
    const path = 'paths' in target ? target.paths.join(' ') : target.path;
    const key = `${path}?${labelSelector}&${fieldSelector}`;
    return {
      getSnapshot: () => this.#topics.get(key)?.find(toRow)?.snapshot ?? loading,
      subscribe: (listener) => {
        let topic = this.#topics.get(key);
        if (topic === undefined) {
          topic = new WatchTopic(target, this.transport, this.clock, this.#flushes, () => {
            this.#topics.delete(key);
          });
          this.#topics.set(key, topic);
        }
        return topic.subscribe(toRow, listener);
      },
    };
  }

  /** Number of streams that are open; for tests and diagnosis. */
  get openStreams(): number {
    return this.#topics.size;
  }
}

/** One stream and the projections that feed on it. */
class WatchTopic implements WatchSink, Flushed {
  /** Typed by its key: the function that makes the rows decides what they are. */
  readonly #projections = new Map<ToRow<unknown>, WatchProjection<unknown>>();
  readonly #stream: WatchStream | SweepStream;
  #failure: Failure | undefined;
  readonly #connection: Connection;

  constructor(
    target: StoreTarget,
    transport: WatchTransport,
    private readonly clock: Clock,
    private readonly flushes: Flushes,
    private readonly ended: () => void,
  ) {
    this.#stream =
      'paths' in target
        ? new SweepStream(
            target.paths.map((path) => ({ ...target, path })),
            transport,
            clock,
            this,
          )
        : new WatchStream(target, transport, clock, this);
    const connection = {
      failure: undefined,
      retry: () => {
        this.#failure = undefined;
        this.#flushSoon();
        this.#stream.list();
      },
    };
    this.#connection = connection;
  }

  find<Row>(toRow: ToRow<Row>): WatchProjection<Row> | undefined {
    return this.#projections.get(toRow) as WatchProjection<Row> | undefined;
  }

  subscribe<Row>(toRow: ToRow<Row>, listener: () => void): () => void {
    const projection = this.find(toRow) ?? this.#join(toRow);
    const unsubscribe = projection.subscribe(listener);
    return () => {
      unsubscribe();
      if (!projection.isUsed) this.#leaveLater(toRow, projection);
    };
  }

  /**
   * A new way to make rows needs all objects again, as none were kept: the stream lists anew. Those
   * who are there already keep their rows meanwhile.
   */
  #join<Row>(toRow: ToRow<Row>): WatchProjection<Row> {
    const projection = new WatchProjection(toRow);
    this.#projections.set(toRow, projection);
    this.#stream.list();
    return projection;
  }

  #leaveLater<Row>(toRow: ToRow<Row>, projection: WatchProjection<Row>): void {
    this.clock.after(lingerFor, () => {
      if (projection.isUsed || this.#projections.get(toRow) !== projection) return;
      this.#projections.delete(toRow);
      if (this.#projections.size > 0) return;
      this.#stream.close();
      this.flushes.forget(this);
      this.ended();
    });
  }

  listing(): void {
    this.#each((projection) => {
      projection.listing();
    });
  }

  page(objects: readonly KubernetesObject[]): void {
    this.#each((projection) => {
      projection.page(objects);
    });
    this.#flushSoon();
  }

  listed(): void {
    this.#each((projection) => {
      projection.listed();
    });
    this.#flushSoon();
  }

  changed(object: KubernetesObject): void {
    this.#each((projection) => {
      projection.put(object);
    });
    this.#flushSoon();
  }

  deleted(object: KubernetesObject): void {
    this.#each((projection) => {
      projection.remove(object);
    });
    this.#flushSoon();
  }

  failed(failure: Failure): void {
    this.#failure = failure;
    this.#flushSoon();
  }

  live(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#flushSoon();
  }

  #each(run: (projection: WatchProjection<unknown>) => void): void {
    this.#projections.forEach(run);
  }

  #flushSoon(): void {
    this.flushes.soon(this);
  }

  get isLarge(): boolean {
    return [...this.#projections.values()].some(({ size }) => size > largeFrom);
  }

  flush(): void {
    const connection = { ...this.#connection, failure: this.#failure };
    this.#each((projection) => {
      projection.flush(connection);
    });
  }
}
