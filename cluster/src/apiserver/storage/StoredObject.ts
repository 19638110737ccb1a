import type { AnyObject } from '../ResourceDefinition.ts';

/** One revision of an object. It is shared by all readers and therefore frozen. */
export interface StoredObject {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  readonly object: AnyObject;
  /** `object` as JSON, made once and reused for the disk, for lists and for watch frames. */
  readonly json: string;
}

/**
 * `/` sorts before every character that a name may hold, so that keys sort by namespace first and
 * by name then. Cluster-wide objects have the namespace ''.
 */
export function objectKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
