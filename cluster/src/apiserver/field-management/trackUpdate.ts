import type { JsonSchema } from '../ResourceDefinition.ts';
import { compareObjects } from './compareObjects.ts';
import { difference, emptySet, isEmptySet, union, type FieldSet } from './FieldSet.ts';
import { inOrder, isSameManager, type ManagedEntry, type Manager } from './ManagedFields.ts';
import { ownable } from './ownable.ts';

/** A write by something else than apply: who, when (RFC 3339). */
export interface Writer extends Manager {
  readonly time: string;
}

/**
 * The managers after a write that was no apply: who changed a field owns it, alone; what was removed
 * is owned by nobody. Returns `entries` itself when nothing that can be owned differs.
 * (structured-merge-diff merge/update.go, Updater.Update)
 */
export function trackUpdate(
  schema: JsonSchema | undefined,
  entries: readonly ManagedEntry[],
  before: object,
  after: object,
  writer: Writer,
): readonly ManagedEntry[] {
  const { changed, removed } = compareObjects(schema, ownable(before), ownable(after));
  if (isEmptySet(changed) && isEmptySet(removed)) return entries;
  const others = disown(
    entries.filter((entry) => !isSameManager(entry, writer)),
    union(changed, removed),
  );
  const own = entries.find((entry) => isSameManager(entry, writer));
  const fields = union(difference(own?.fields ?? emptySet, removed), changed);
  const { name, operation, apiVersion, subresource, time } = writer;
  return inOrder([...others, { name, operation, apiVersion, subresource, time, fields }]);
}

/** Takes paths away from managers. */
export function disown(
  entries: readonly ManagedEntry[],
  fields: FieldSet,
): readonly ManagedEntry[] {
  return entries.map((entry) => {
    const left = difference(entry.fields, fields);
    return left === entry.fields ? entry : { ...entry, fields: left };
  });
}
