import { freezeShared } from './freezeShared.ts';
import type { AnyObject } from '../ResourceDefinition.ts';

/** Where an object is in the store, and what is known of it without decoding it. */
export interface ObjectFacts {
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  readonly apiVersion: string;
  /** Characters of its JSON. */
  readonly size: number;
  /** Where `metadata.managedFields` stand in its JSON; a length of 0 when there are none. */
  readonly managedFieldsAt: number;
  readonly managedFieldsLength: number;
}

/**
 * One revision of an object, shared by all readers. Its JSON is on the disk as long as it is the newest
 * revision, and in memory (`hold`) before it has been written and after it has been replaced. It is
 * decoded when its first reader asks.
 */
export class StoredObject implements ObjectFacts {
  readonly key: string;
  readonly namespace: string;
  readonly revision: number;
  readonly apiVersion: string;
  readonly size: number;
  readonly managedFieldsAt: number;
  readonly managedFieldsLength: number;
  private readonly read: (stored: StoredObject) => string;
  private text: string | undefined;
  private decoded: AnyObject | undefined;

  /** `read` gives the JSON when it is not held. */
  constructor(facts: ObjectFacts, read: (stored: StoredObject) => string) {
    this.key = objectKey(facts.namespace, facts.name);
    this.namespace = facts.namespace;
    this.revision = facts.revision;
    this.apiVersion = facts.apiVersion;
    this.size = facts.size;
    this.managedFieldsAt = facts.managedFieldsAt;
    this.managedFieldsLength = facts.managedFieldsLength;
    this.read = read;
  }

  get name(): string {
    return this.key.slice(this.namespace.length + 1);
  }

  /** The object without `metadata.managedFields`, which few read and which are large. Frozen. */
  get object(): AnyObject {
    this.decoded ??= freezeShared(JSON.parse(this.withoutManagedFields()) as AnyObject);
    return this.decoded;
  }

  /** The whole object as JSON: the same text for the disk, for lists and for watch frames. */
  get json(): string {
    return this.text ?? this.read(this);
  }

  /** `metadata.managedFields` as JSON; '' when there are none. */
  get managedFields(): string {
    if (this.managedFieldsLength === 0) return '';
    const start = this.managedFieldsAt;
    return this.json.slice(start, start + this.managedFieldsLength);
  }

  /** Keeps the JSON in memory, because the disk does not have it (yet, or any more). */
  hold(json = this.json): void {
    this.text = json;
  }

  get isHeld(): boolean {
    return this.text !== undefined;
  }

  /** The disk has the JSON. */
  release(): void {
    this.text = undefined;
  }

  /** Spares the decoding: `object` is what the JSON says, without managed fields. */
  knownAs(object: AnyObject): void {
    this.decoded = freezeShared(object);
  }

  /** Who needs the object again, of a revision that is over, has it decoded anew. */
  forget(): void {
    if (this.text !== undefined) this.decoded = undefined;
  }

  private withoutManagedFields(): string {
    const { json, managedFieldsAt, managedFieldsLength } = this;
    if (managedFieldsLength === 0) return json;
    const start = managedFieldsAt - managedFieldsKey.length;
    return json.slice(0, start) + json.slice(managedFieldsAt + managedFieldsLength);
  }
}

/**
 * `/` sorts before every character that a name may hold, so that keys sort by namespace first and
 * by name then. Cluster-wide objects have the namespace ''.
 */
export function objectKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

const managedFieldsKey = ',"managedFields":';

/** The JSON of an object, with its managed fields (JSON too, or '') at the end of the metadata. */
export function objectJson(object: AnyObject, managedFields: string): string {
  return encodeObject(object, managedFields).json;
}

/** The JSON of an object, and where its managed fields stand in it. */
export function encodeObject(
  object: AnyObject,
  managedFields: string,
): { json: string; managedFieldsAt: number } {
  if (managedFields === '') return { json: JSON.stringify(object), managedFieldsAt: 0 };
  const { apiVersion, kind, metadata, ...rest } = object;
  const head = JSON.stringify({ apiVersion, kind, metadata }).slice(0, -2) + managedFieldsKey;
  const tail = JSON.stringify(rest);
  const json = `${head}${managedFields}}${tail === '{}' ? '' : ','}${tail.slice(1)}`;
  return { json, managedFieldsAt: head.length };
}

/** What a JSON that `encodeObject` made says of its object, found by decoding it. */
export function readFacts(json: string): Omit<ObjectFacts, 'namespace' | 'name'> {
  const { apiVersion, metadata } = JSON.parse(json) as AnyObject;
  const { managedFields }: { managedFields?: unknown } = metadata as object;
  const managedFieldsLength =
    managedFields === undefined ? 0 : JSON.stringify(managedFields).length;
  return {
    revision: Number(metadata.resourceVersion),
    apiVersion,
    size: json.length,
    // A label may have the name too, but holds a text.
    managedFieldsAt: json.indexOf(`${managedFieldsKey}[`) + managedFieldsKey.length,
    managedFieldsLength,
  };
}
