import { isObject, type JsonObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';
import { entryElement, fieldElement, valueElement } from './FieldSet.ts';

/**
 * How a value is owned and merged (sigs.k8s.io/structured-merge-diff, typed): a `map` field by field, a
 * `list` entry by entry, anything else as a whole. What the schema does not say is taken as the API
 * server does for unknown fields: objects field by field, lists as a whole.
 */
export type Structure =
  | { readonly kind: 'whole' }
  | { readonly kind: 'map'; readonly fields: JsonObject }
  | { readonly kind: 'list'; readonly entries: readonly ListEntry[] };

export interface ListEntry {
  readonly element: string;
  readonly value: unknown;
}

const whole = { kind: 'whole' } as const;

export function structureOf(schema: JsonSchema | undefined, value: unknown): Structure {
  if (isObject(value)) {
    return schema?.['x-kubernetes-map-type'] === 'atomic' ? whole : { kind: 'map', fields: value };
  }
  if (!Array.isArray(value)) return whole;
  const entries = listEntries(schema, value);
  return entries === undefined ? whole : { kind: 'list', entries };
}

/** The entries of a list that is merged; undefined for a list that is one value. */
function listEntries(
  schema: JsonSchema | undefined,
  list: readonly unknown[],
): ListEntry[] | undefined {
  const type = schema?.['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return undefined;
  const entries: ListEntry[] = [];
  const seen = new Set<string>();
  for (const value of list) {
    const element = type === 'set' ? valueElement(value) : keyElement(schema, value);
    // A list that breaks its own rule cannot be told apart by entries.
    if (element === undefined || seen.has(element)) return undefined;
    seen.add(element);
    entries.push({ element, value });
  }
  return entries;
}

/** The keys of a list of type `map`, sorted as in `fieldsV1`. */
export function listKeys(schema: JsonSchema | undefined): readonly string[] {
  return [...(schema?.['x-kubernetes-list-map-keys'] ?? [])].sort();
}

function keyElement(schema: JsonSchema | undefined, value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const keys: Record<string, unknown> = {};
  for (const name of listKeys(schema)) {
    const key = value[name] ?? schema?.items?.properties?.[name]?.default;
    if (key === undefined) return undefined;
    keys[name] = key;
  }
  return entryElement(keys);
}

/** Why a list that a client applies breaks its rule: a key that is missing or given twice. */
export function listProblem(
  schema: JsonSchema | undefined,
  list: readonly unknown[],
): string | undefined {
  const type = schema?.['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return undefined;
  const seen = new Set<string>();
  for (const value of list) {
    const element = type === 'set' ? valueElement(value) : keyElement(schema, value);
    if (element === undefined) {
      const keys = listKeys(schema).map((key) => JSON.stringify(key));
      return `associative list with keys has an element that omits key field ${keys.join(', ')} (and doesn't have default value)`;
    }
    if (seen.has(element)) return `duplicate entries for key [${element.slice(2)}]`;
    seen.add(element);
  }
  return undefined;
}

/** The schema of a field of an object; undefined when nothing is known. */
export function schemaOfField(
  schema: JsonSchema | undefined,
  name: string,
): JsonSchema | undefined {
  const properties = schema?.properties;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  const more = schema?.additionalProperties;
  return typeof more === 'object' ? more : undefined;
}

/** What lies directly below a value, by path element, with the schema of each. */
export function childrenOf(
  schema: JsonSchema | undefined,
  structure: Structure,
): Map<string, { value: unknown; schema: JsonSchema | undefined }> {
  const children = new Map<string, { value: unknown; schema: JsonSchema | undefined }>();
  if (structure.kind === 'map') {
    for (const [name, value] of Object.entries(structure.fields)) {
      if (value === undefined) continue;
      children.set(fieldElement(name), { value, schema: schemaOfField(schema, name) });
    }
  } else if (structure.kind === 'list') {
    const items = schema?.items;
    for (const { element, value } of structure.entries) {
      children.set(element, { value, schema: items });
    }
  }
  return children;
}
