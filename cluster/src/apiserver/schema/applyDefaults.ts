import { cloneJson, isObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';

/**
 * Fills in the defaults of a schema, in place. A null that the schema does not allow counts as absent
 * (k8s.io/apiextensions-apiserver, structural/defaulting).
 */
export function applyDefaults(schema: JsonSchema, value: unknown): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items !== undefined) for (const item of value) applyDefaults(items, item);
    return;
  }
  if (!isObject(value)) return;
  const { properties = {}, additionalProperties } = schema;
  for (const name of Object.keys(value)) {
    const field = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (field !== undefined && value[name] === null && field.nullable !== true) {
      Reflect.deleteProperty(value, name);
    }
  }
  for (const name of defaultedNames(schema)) {
    const present = Object.hasOwn(value, name) ? value[name] : undefined;
    if (present === undefined) value[name] = cloneJson(properties[name]?.default);
  }
  for (const [name, field] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (typeof known === 'object') applyDefaults(known, field);
  }
}

/** Few fields of a large schema have a default; schemas are never changed. */
const defaulted = new WeakMap<JsonSchema, readonly string[]>();

function defaultedNames(schema: JsonSchema): readonly string[] {
  let names = defaulted.get(schema);
  if (names === undefined) {
    const fields = Object.entries(schema.properties ?? {});
    names = fields.flatMap(([name, field]) => (field.default === undefined ? [] : [name]));
    defaulted.set(schema, names);
  }
  return names;
}
