import type { ApiContext, Target } from '../ApiContext.ts';
import { storeKey } from '../Registry.ts';
import type { StoredObject } from '../storage/StoredObject.ts';

/**
 * The objects of a resource as they were at a revision, sorted by key: the changes since then are taken
 * back. Undefined when the log does not reach back that far.
 */
export function stateAt(
  { store }: ApiContext,
  { resource, namespace }: Target,
  revision: number,
): StoredObject[] | undefined {
  const changes = store.watchLog(storeKey(resource)).since(revision);
  if (changes === undefined) return undefined;
  const present = store.list(storeKey(resource), namespace);
  if (changes.length === 0) return present;
  const byKey = new Map(present.map((stored) => [stored.key, stored]));
  for (const { current, previous } of [...changes].reverse()) {
    if (namespace !== undefined && current.namespace !== namespace) continue;
    if (previous === undefined) byKey.delete(current.key);
    else byKey.set(previous.key, previous);
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
