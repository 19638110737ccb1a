import { isObject } from '../json.ts';
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
  for (const [name, field] of Object.entries(properties)) {
    const present = Object.hasOwn(value, name) ? value[name] : undefined;
    if (present === null && field.nullable !== true) Reflect.deleteProperty(value, name);
    const isMissing = present === undefined || (present === null && field.nullable !== true);
    if (isMissing && field.default !== undefined) value[name] = structuredClone(field.default);
    if (value[name] !== undefined) applyDefaults(field, value[name]);
  }
  if (typeof additionalProperties !== 'object') return;
  for (const [name, field] of Object.entries(value)) {
    if (!Object.hasOwn(properties, name)) applyDefaults(additionalProperties, field);
  }
}
