import type { Failure } from '~/k8s/errors';
import { type KubernetesObject, objectKey } from '~/k8s/KubernetesObject';
import { sameRow } from '~/k8s/sameRow';
import { loading, type Watched, type WatchedRows } from '~/k8s/Watched';

type Entry<Row> = { row: Row; version: string; round: number };

/** What a projection must know of the connection when it makes a snapshot. */
export type Connection = { failure: Failure | undefined; retry: () => void };

/**
 * The rows that one `toRow` makes of the objects of a stream. The object itself is dropped on
 * arrival. A row that did not change keeps its identity, so that React can skip it.
 */
export class WatchProjection<Row> {
  readonly #entries = new Map<string, Entry<Row>>();
  readonly #listeners = new Set<() => void>();
  #round = 0;
  #changed = false;
  #started = false;
  #complete = false;
  #rows: readonly Row[] = [];
  #snapshot: Watched<WatchedRows<Row>> = loading;

  constructor(private readonly toRow: (object: KubernetesObject) => Row) {}

  get snapshot(): Watched<WatchedRows<Row>> {
    return this.#snapshot;
  }

  get size(): number {
    return this.#entries.size;
  }

  get isUsed(): boolean {
    return this.#listeners.size > 0;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  listing(): void {
    this.#round += 1;
  }

  page(objects: readonly KubernetesObject[]): void {
    this.#started = true;
    objects.forEach((object) => {
      this.put(object);
    });
  }

  listed(): void {
    for (const [key, entry] of this.#entries) {
      if (entry.round === this.#round) continue;
      this.#entries.delete(key);
      this.#changed = true;
    }
    this.#complete = true;
  }

  put(object: KubernetesObject): void {
    const key = objectKey(object);
    const version = object.metadata?.resourceVersion ?? '';
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, { row: this.toRow(object), version, round: this.#round });
      this.#changed = true;
      return;
    }
    entry.round = this.#round;
    if (version !== '' && entry.version === version) return;
    entry.version = version;
    const row = this.toRow(object);
    if (sameRow(entry.row, row)) return;
    entry.row = row;
    this.#changed = true;
  }

  remove(object: KubernetesObject): void {
    if (this.#entries.delete(objectKey(object))) this.#changed = true;
  }

  /** Makes the snapshot anew if anything in it is no longer true, and tells the listeners. */
  flush(connection: Connection): void {
    const snapshot = this.#next(connection);
    if (snapshot === this.#snapshot) return;
    this.#snapshot = snapshot;
    [...this.#listeners].forEach((listener) => {
      listener();
    });
  }

  #next({ failure, retry }: Connection): Watched<WatchedRows<Row>> {
    const before = this.#snapshot;
    // That there is nothing is said only while it is known: never after a loss.
    if (!this.#started || (failure !== undefined && this.#entries.size === 0)) {
      if (failure === undefined) return loading;
      const known = before.state === 'error' && before.error === failure;
      return known ? before : { state: 'error', error: failure, retry };
    }
    if (
      before.state === 'ready' &&
      !this.#changed &&
      before.data.complete === this.#complete &&
      before.stale === failure
    ) {
      return before;
    }
    if (this.#changed) this.#rows = Array.from(this.#entries.values(), (entry) => entry.row);
    this.#changed = false;
    const data = { rows: this.#rows, complete: this.#complete };
    return failure === undefined
      ? { state: 'ready', data }
      : { state: 'ready', data, stale: failure };
  }
}
