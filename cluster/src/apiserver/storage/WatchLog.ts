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

const sizeOf = ({ current }: Change) => current.size;

type Listener = (change: Change) => void;
type EndListener = () => void;

/** Those who listen to all namespaces. */
const everywhere = Symbol('all namespaces');
type Scope = string | typeof everywhere;

/**
 * The latest changes of one resource, kept in memory. A watch may begin at any revision that the log
 * still reaches; for older ones, and after a restart, the client has to list again (410 Expired).
 */
export class WatchLog {
  private changes: Change[] = [];
  /** By namespace, so that a change is not offered to a thousand listeners who look elsewhere. */
  private readonly listeners = new Map<Scope, Map<Listener, EndListener | undefined>>();
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
    // Who looks at everything hears of it first: a test that waits for one object then finds the rest recorded.
    const scopes: readonly Scope[] = [everywhere, change.current.namespace];
    for (const scope of scopes) {
      const listeners = this.listeners.get(scope);
      if (listeners) for (const listener of [...listeners.keys()]) listener(change);
    }
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

  /**
   * Hands over each later change, of one namespace or of all (undefined), until the function that it returns
   * is called, or `end` (`onEnd`).
   */
  listen(listener: Listener, onEnd?: EndListener, namespace?: string): () => void {
    const scope = namespace ?? everywhere;
    const listeners = this.listeners.get(scope) ?? new Map<Listener, EndListener | undefined>();
    this.listeners.set(scope, listeners.set(listener, onEnd));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(scope) === listeners) {
        this.listeners.delete(scope);
      }
    };
  }

  /** Ends all watches, whose clients then ask again: the resource is not what it was. */
  end(): void {
    for (const listeners of [...this.listeners.values()]) {
      for (const [listener, onEnd] of [...listeners]) {
        if (onEnd === undefined) continue;
        listeners.delete(listener);
        onEnd();
      }
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
