import { schemaOf, type JsonSchema, type ResourceDefinition } from '../ResourceDefinition.ts';
import { builtinStructure, objectMeta } from './builtinStructure.ts';

const made = new WeakMap<ResourceDefinition, Map<string, JsonSchema>>();

/**
 * What server-side apply and strategic merge know of a resource: for the kinds of Kubernetes our own
 * table, for all others the schema, as with a CustomResourceDefinition.
 */
export function mergeSchema(resource: ResourceDefinition, version: string): JsonSchema {
  let versions = made.get(resource);
  if (versions === undefined) {
    versions = new Map();
    made.set(resource, versions);
  }
  let schema = versions.get(version);
  if (schema === undefined) {
    const own = resource.strategicMerge === true ? undefined : schemaOf(resource, version);
    const known = own ?? builtinStructure[resource.kind] ?? {};
    schema = { ...known, properties: { ...known.properties, metadata: objectMeta } };
    versions.set(version, schema);
  }
  return schema;
}
