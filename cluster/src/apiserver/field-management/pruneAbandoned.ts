import { isObject, type JsonObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';
import { childOf, elementsOf, fieldElement, isMember, type FieldSet } from './FieldSet.ts';
import { childrenOf, listKeys, schemaOfField, structureOf } from './structure.ts';

/**
 * Removes what a manager applied the last time (`last`) and nobody owns now (`owned`: all managers
 * together, the new configuration included). What nobody ever owned stays. The value is not changed.
 */
export function pruneAbandoned(
  schema: JsonSchema | undefined,
  value: unknown,
  last: FieldSet,
  owned: FieldSet | undefined,
): unknown {
  const structure = structureOf(schema, value);
  switch (structure.kind) {
    case 'whole':
      return value;
    case 'map':
      return pruneFields(schema, structure.fields, last, owned, []);
    case 'list': {
      const kept: unknown[] = [];
      for (const [element, child] of childrenOf(schema, structure)) {
        const before = childOf(last, element);
        const now = childOf(owned, element);
        if (before === undefined) kept.push(child.value);
        else if (now !== undefined || !isMember(before)) {
          const { value: entry } = child;
          kept.push(
            isObject(entry)
              ? pruneFields(child.schema, entry, before, now, listKeys(schema))
              : entry,
          );
        }
      }
      return kept;
    }
  }
}

function pruneFields(
  schema: JsonSchema | undefined,
  fields: JsonObject,
  last: FieldSet,
  owned: FieldSet | undefined,
  keys: readonly string[],
): JsonObject {
  const pruned: JsonObject = { ...fields };
  for (const [name, value] of Object.entries(fields)) {
    const element = fieldElement(name);
    const before = childOf(last, element);
    if (before === undefined || keys.includes(name)) continue;
    const now = childOf(owned, element);
    if (elementsOf(before).length === 0) {
      if (now === undefined) Reflect.deleteProperty(pruned, name);
      continue;
    }
    const rest = pruneAbandoned(schemaOfField(schema, name), value, before, now);
    if (now === undefined && isEmptyContainer(rest)) Reflect.deleteProperty(pruned, name);
    else pruned[name] = rest;
  }
  return pruned;
}

function isEmptyContainer(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
