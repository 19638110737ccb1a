import type { ObjectMeta } from '../../client/KubeClient.ts';
import type { AnyObject } from '../ResourceDefinition.ts';

/** One revision of an object. It is shared by all readers and therefore frozen. */
export interface StoredObject {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  /** The object without `metadata.managedFields`, which few read and which are large. */
  readonly object: AnyObject;
  /** The whole object as JSON, made once and reused for the disk, for lists and for watch frames. */
  readonly json: string;
  /** `metadata.managedFields` as JSON: a part of `json`; '' when there are none. */
  readonly managedFields: string;
}

/**
 * `/` sorts before every character that a name may hold, so that keys sort by namespace first and
 * by name then. Cluster-wide objects have the namespace ''.
 */
export function objectKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** A list under this name: a label may have the name too, but holds a text. */
const managedFieldsKey = '"managedFields":[';

/** The JSON of an object, with its managed fields (JSON too, or '') at the end of the metadata. */
export function objectJson(object: AnyObject, managedFields: string): string {
  if (managedFields === '') return JSON.stringify(object);
  const { apiVersion, kind, metadata, ...rest } = object;
  const head = JSON.stringify({ apiVersion, kind, metadata }).slice(0, -2);
  const tail = JSON.stringify(rest);
  return `${head},${managedFieldsKey}${managedFields.slice(1)}}${tail === '{}' ? '' : ','}${tail.slice(1)}`;
}

/**
 * Takes the managed fields out of an object that was read from `json`, which objectJson made. Returns
 * them as the part of `json` that they are, so that they are not kept twice.
 */
export function takeManagedFields(object: AnyObject, json: string): string {
  const metadata: ObjectMeta & { managedFields?: unknown } = object.metadata;
  if (metadata.managedFields === undefined) return '';
  const { length } = JSON.stringify(metadata.managedFields);
  delete metadata.managedFields;
  return managedFieldsIn(json, length);
}

/** The managed fields as a part of `json`, so that memory holds them once. */
export function managedFieldsIn(json: string, length: number): string {
  if (length === 0) return '';
  const start = json.indexOf(managedFieldsKey) + managedFieldsKey.length - 1;
  return json.slice(start, start + length);
}
