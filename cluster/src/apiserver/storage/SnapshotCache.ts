import type { StoredObject } from './StoredObject.ts';

interface Snapshot {
  readonly items: readonly StoredObject[];
  readonly madeAt: number;
}

/**
 * Lists that are being read page by page, each as it was at its first page. Only references are
 * kept, not copies. etcd forgets old revisions after five minutes, and so does this.
 */
export class SnapshotCache {
  private readonly snapshots = new Map<string, Snapshot>();

  constructor(
    private readonly now: () => number,
    private readonly limit = 64,
    private readonly lifetimeMs = 5 * 60_000,
  ) {}

  put(key: string, items: readonly StoredObject[]): void {
    this.expire();
    this.snapshots.delete(key);
    this.snapshots.set(key, { items, madeAt: this.now() });
    for (const oldest of this.snapshots.keys()) {
      if (this.snapshots.size <= this.limit) break;
      this.snapshots.delete(oldest);
    }
  }

  get(key: string): readonly StoredObject[] | undefined {
    this.expire();
    return this.snapshots.get(key)?.items;
  }

  private expire(): void {
    const deadline = this.now() - this.lifetimeMs;
    for (const [key, snapshot] of this.snapshots) {
      if (snapshot.madeAt < deadline) this.snapshots.delete(key);
    }
  }
}
