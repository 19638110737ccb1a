import { isObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';

const anything: JsonSchema = { 'x-kubernetes-preserve-unknown-fields': true };

/** The fields of `metadata`; what they may hold, validateMetadata.ts says. */
export const metadataSchema: JsonSchema = {
  properties: Object.fromEntries(
    [
      'name',
      'namespace',
      'generateName',
      'selfLink',
      'uid',
      'resourceVersion',
      'generation',
      'creationTimestamp',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
      'labels',
      'annotations',
      'ownerReferences',
      'finalizers',
      'managedFields',
    ].map((name) => [name, anything]),
  ),
};

/** What every object inside of another has besides its schema. */
const embedded: Readonly<Record<string, JsonSchema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: metadataSchema,
};

/** Removes what the schema does not know from a value and returns the paths of it. */
export function pruneUnknown(schema: JsonSchema, value: unknown, path = ''): string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return [];
    return value.flatMap((item, index) => pruneUnknown(items, item, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  const unknown: string[] = [];
  for (const [name, field] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    const known = fieldSchema(schema, name);
    if (known === 'any') continue;
    if (known === undefined) {
      unknown.push(at);
      Reflect.deleteProperty(value, name);
    } else unknown.push(...pruneUnknown(known, field, at));
  }
  return unknown;
}

/** The schema of a field; `any` where everything is kept, undefined where the field is not known. */
export function fieldSchema(schema: JsonSchema, name: string): JsonSchema | 'any' | undefined {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  if (schema['x-kubernetes-embedded-resource'] === true && Object.hasOwn(embedded, name)) {
    return embedded[name];
  }
  if (typeof additionalProperties === 'object') return additionalProperties;
  if (additionalProperties === true) return 'any';
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return 'any';
  return properties === undefined && schema.type !== 'object' ? 'any' : undefined;
}
