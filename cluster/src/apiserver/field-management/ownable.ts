import { isObject, type JsonObject } from '../json.ts';

/** What the server sets or what names the object is owned by nobody (managedfields/stripmeta.go). */
const serverFields = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
]);

/** An object without the fields that nobody can own. */
export function ownable(object: object): JsonObject {
  const fields: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    if (name === 'apiVersion' || name === 'kind') continue;
    if (name === 'metadata' && isObject(value)) {
      const entries = Object.entries(value).filter(([field]) => !serverFields.has(field));
      fields['metadata'] = Object.fromEntries(entries);
    } else fields[name] = value;
  }
  // Always there, so that it is never itself what came or went.
  fields['metadata'] ??= {};
  return fields;
}
