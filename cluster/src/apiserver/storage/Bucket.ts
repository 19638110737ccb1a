import type { StoredObject } from './StoredObject.ts';

/** All objects of one resource, in the order of their keys. */
export class Bucket {
  private readonly byKey = new Map<string, StoredObject>();
  private readonly keysByNamespace = new Map<string, Set<string>>();
  /** Sorted keys per namespace, '*' for all; dropped when an object comes or goes. */
  private readonly sorted = new Map<string, string[]>();

  get size(): number {
    return this.byKey.size;
  }

  get(key: string): StoredObject | undefined {
    return this.byKey.get(key);
  }

  set(stored: StoredObject): void {
    if (!this.byKey.has(stored.key)) {
      const keys = this.keysByNamespace.get(stored.namespace) ?? new Set();
      this.keysByNamespace.set(stored.namespace, keys.add(stored.key));
      this.forgetOrder(stored.namespace);
    }
    this.byKey.set(stored.key, stored);
  }

  remove(stored: StoredObject): void {
    this.byKey.delete(stored.key);
    const keys = this.keysByNamespace.get(stored.namespace);
    keys?.delete(stored.key);
    if (keys?.size === 0) this.keysByNamespace.delete(stored.namespace);
    this.forgetOrder(stored.namespace);
  }

  /** The objects of one namespace, or of all when it is undefined, sorted by key. */
  list(namespace: string | undefined): StoredObject[] {
    const found: StoredObject[] = [];
    for (const key of this.sortedKeys(namespace)) {
      const stored = this.byKey.get(key);
      if (stored !== undefined) found.push(stored);
    }
    return found;
  }

  private sortedKeys(namespace: string | undefined): string[] {
    const scope = namespace ?? '*';
    let keys = this.sorted.get(scope);
    if (keys === undefined) {
      const unsorted =
        namespace === undefined ? this.byKey.keys() : (this.keysByNamespace.get(namespace) ?? []);
      keys = [...unsorted].sort();
      this.sorted.set(scope, keys);
    }
    return keys;
  }

  private forgetOrder(namespace: string): void {
    this.sorted.delete(namespace);
    this.sorted.delete('*');
  }
}
