import type { StoredObject } from './StoredObject.ts';

/** One change. A deletion carries the last state with the deletion's own revision. */
export interface Change {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly current: StoredObject;
  /** The state before; absent for ADDED. Selectors need it to see an object leave. */
  readonly previous: StoredObject | undefined;
}

/** Large objects that change often would fill the memory with what they were: 8 Mi characters are kept. */
const sizeLimit = 8 * 2 ** 20;

const sizeOf = ({ current }: Change) => current.json.length;

type Listener = (change: Change) => void;
type EndListener = () => void;

/**
 * The latest changes of one resource, kept in memory. A watch may begin at any revision that the log
 * still reaches; for older ones, and after a restart, the client has to list again (410 Expired).
 */
export class WatchLog {
  private changes: Change[] = [];
  private readonly listeners = new Map<Listener, EndListener | undefined>();
  private compacted: number;
  /** Characters of JSON that the changes keep in memory, about. */
  private size = 0;

  constructor(
    startRevision: number,
    private readonly limit = 10_000,
  ) {
    this.compacted = startRevision;
  }

  /** The oldest revision from which a watch can go on. */
  get compactedRevision(): number {
    return this.compacted;
  }

  append(change: Change): void {
    this.changes.push(change);
    // Trimmed in steps, so that a full log does not move its whole array at each change.
    this.size += sizeOf(change);
    if (this.changes.length > this.limit * 1.25) this.trim(this.limit);
    if (this.size > sizeLimit * 1.25) this.shrink();
    for (const listener of [...this.listeners.keys()]) listener(change);
  }

  /** The changes after `revision`, or undefined when the log does not reach back to it. */
  since(revision: number): readonly Change[] | undefined {
    if (revision < this.compacted) return undefined;
    let low = 0;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const change = this.changes[middle];
      if (change !== undefined && change.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return this.changes.slice(low);
  }

  /** Hands over each later change until the function that it returns is called, or `end` (`onEnd`). */
  listen(listener: Listener, onEnd?: EndListener): () => void {
    this.listeners.set(listener, onEnd);
    return () => this.listeners.delete(listener);
  }

  /** Ends all watches, whose clients then ask again: the resource is not what it was. */
  end(): void {
    for (const [listener, onEnd] of [...this.listeners]) {
      if (onEnd === undefined) continue;
      this.listeners.delete(listener);
      onEnd();
    }
  }

  /** Forgets the oldest changes, so that the rest is not too large. */
  private shrink(): void {
    let left = this.size;
    let drop = 0;
    for (const change of this.changes) {
      if (left <= sizeLimit) break;
      left -= sizeOf(change);
      drop += 1;
    }
    this.trim(this.changes.length - drop);
  }

  /** Forgets all but the newest `keep` changes. */
  trim(keep: number): void {
    const dropped = this.changes.splice(0, Math.max(0, this.changes.length - keep));
    for (const change of dropped) this.size -= sizeOf(change);
    const last = dropped.at(-1);
    if (last !== undefined) this.compacted = last.revision;
  }
}
