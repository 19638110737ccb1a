import { mkdirSync } from 'node:fs';
import { open, type RootDatabase } from 'lmdb';
import { deepFreeze } from '../json.ts';
import type { AnyObject } from '../ResourceDefinition.ts';
import { Bucket } from './Bucket.ts';
import {
  managedFieldsIn,
  objectJson,
  objectKey,
  takeManagedFields,
  type StoredObject,
} from './StoredObject.ts';
import { checkStoreFile, DamagedStoreError, seal, unseal } from './storeFile.ts';
import { WatchLog, type Change } from './WatchLog.ts';

/** After a restart the revision jumps by this much; more writes are never on their way at once. */
const revisionGap = 10_000;

/** A write that is visible already; `durable` resolves when it will survive a kill -9. */
export interface Write {
  readonly stored: StoredObject;
  readonly durable: Promise<void>;
}

interface ResourceState {
  readonly bucket: Bucket;
  readonly log: WatchLog;
}

/**
 * All objects, by resource, namespace and name, under one revision that only grows.
 *
 * Memory holds every object decoded; LMDB holds its JSON. A write is applied to memory at once, so
 * that a check and the write that it allows cannot be torn apart, and is acknowledged when LMDB has
 * committed it; LMDB puts all writes of the same moment into one transaction. A commit survives the
 * death of the process; after a power cut the newest seconds may be missing, never half written.
 *
 * A reader can see a write before it is committed. Should the process die in between, the revision
 * that the reader saw is never given out again: the counter restarts well beyond it, and every watch
 * from before is told to list again.
 */
export class ObjectStore {
  private readonly resources = new Map<string, ResourceState>();
  private readonly file: string;
  private readonly database: RootDatabase<string, string>;
  private readonly startRevision: number;
  private currentRevision: number;
  private readonly unsaved = new Map<string, string | undefined>();
  private lastCommit: Promise<unknown> = Promise.resolve();
  private hasFailed = false;

  /**
   * Opens the store in a folder, which is made when it is not there. Throws a DamagedStoreError when
   * something in it is not as it was written.
   */
  constructor(
    readonly directory: string,
    private readonly watchLogLimit = 10_000,
  ) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.file = `${directory}/objects.lmdb`;
    checkStoreFile(this.file);
    this.database = open<string, string>({ path: this.file, encoding: 'string' });
    this.startRevision = this.load() + revisionGap;
    this.currentRevision = this.startRevision;
  }

  get revision(): number {
    return this.currentRevision;
  }

  get(resource: string, namespace: string, name: string): StoredObject | undefined {
    return this.state(resource).bucket.get(objectKey(namespace, name));
  }

  list(resource: string, namespace: string | undefined): StoredObject[] {
    return this.state(resource).bucket.list(namespace);
  }

  /** How many objects there are of all resources. */
  get size(): number {
    return [...this.resources.values()].reduce((sum, { bucket }) => sum + bucket.size, 0);
  }

  count(resource: string): number {
    return this.state(resource).bucket.size;
  }

  /** The changes of a resource. */
  watchLog(resource: string): WatchLog {
    return this.state(resource).log;
  }

  /** Undefined when the object exists. `managedFields` is JSON, or '' for none. */
  create(resource: string, object: AnyObject, managedFields: string): Write | undefined {
    const { bucket } = this.state(resource);
    const key = objectKey(object.metadata.namespace ?? '', object.metadata.name);
    if (bucket.get(key) !== undefined) return undefined;
    return this.put(resource, object, managedFields, 'ADDED', undefined);
  }

  /** Undefined when the stored object is not `previous` any more. */
  replace(
    resource: string,
    previous: StoredObject,
    object: AnyObject,
    managedFields: string,
  ): Write | undefined {
    if (this.state(resource).bucket.get(previous.key) !== previous) return undefined;
    return this.put(resource, object, managedFields, 'MODIFIED', previous);
  }

  /** Removes `previous`; `object` is its last state. Undefined when it is not stored any more. */
  remove(resource: string, previous: StoredObject, object: AnyObject): Write | undefined {
    const { bucket, log } = this.state(resource);
    if (bucket.get(previous.key) !== previous) return undefined;
    const stored = this.nextRevision(object, previous.managedFields);
    bucket.remove(previous);
    // The object that is gone cannot carry the deletion's revision, so that it is kept apart.
    const durable = Promise.all([
      this.save(revisionKey, String(stored.revision)),
      this.save(diskKey(resource, stored), undefined),
    ]).then(() => undefined);
    log.append({ revision: stored.revision, type: 'DELETED', current: stored, previous });
    return { stored, durable };
  }

  /** Waits for all writes and closes the files. */
  async close(): Promise<void> {
    await this.lastCommit;
    // Once a commit has failed, LMDB waits for ever for it to be flushed. What it committed is safe.
    if (this.hasFailed) return;
    await this.database.flushed;
    await this.database.close();
  }

  private put(
    resource: string,
    object: AnyObject,
    managedFields: string,
    type: Change['type'],
    previous: StoredObject | undefined,
  ): Write {
    const { bucket, log } = this.state(resource);
    const stored = this.nextRevision(object, managedFields);
    bucket.set(stored);
    const durable = this.save(diskKey(resource, stored), stored.json);
    log.append({ revision: stored.revision, type, current: stored, previous });
    return { stored, durable };
  }

  private nextRevision(object: AnyObject, managedFields: string): StoredObject {
    this.currentRevision += 1;
    const revision = this.currentRevision;
    const metadata = { ...object.metadata, resourceVersion: String(revision) };
    const next = { ...object, metadata };
    const json = objectJson(next, managedFields);
    return toStored(next, revision, json, managedFieldsIn(json, managedFields.length));
  }

  /**
   * Commits one value, with all that could not be written before. When the disk refuses, memory is
   * ahead of it until a later write succeeds; the client is told that its write is not safe.
   */
  private async save(key: string, json: string | undefined): Promise<void> {
    const writes = [...this.unsaved, [key, json] as const];
    this.unsaved.clear();
    const commits = writes.map(([k, value]) =>
      value === undefined ? this.database.remove(k) : this.database.put(k, seal(value)),
    );
    const commit = Promise.all(commits);
    this.lastCommit = commit.catch(() => undefined);
    try {
      await commit;
    } catch (error) {
      this.hasFailed = true;
      for (const [k, value] of writes) if (!this.unsaved.has(k)) this.unsaved.set(k, value);
      const cause = await causeOf(error);
      const why = `${cause.message}; is its disk full?`;
      throw new Error(`cannot write to the store ${this.file}: ${why}`, { cause });
    }
  }

  private state(resource: string): ResourceState {
    let state = this.resources.get(resource);
    if (state === undefined) {
      state = { bucket: new Bucket(), log: new WatchLog(this.startRevision, this.watchLogLimit) };
      this.resources.set(resource, state);
    }
    return state;
  }

  /** Reads everything into memory; returns the highest revision. */
  private load(): number {
    let highest = 0;
    const loaded: { resource: string; stored: StoredObject }[] = [];
    for (const { key, value } of this.entries()) {
      if (key === revisionKey) {
        highest = Math.max(highest, Number(value));
        continue;
      }
      const object = JSON.parse(value) as AnyObject;
      const managedFields = takeManagedFields(object, value);
      const revision = Number(object.metadata.resourceVersion);
      const stored = toStored(object, revision, value, managedFields);
      highest = Math.max(highest, stored.revision);
      loaded.push({ resource: key.slice(0, key.indexOf('\n')), stored });
    }
    return this.fill(loaded, highest);
  }

  private *entries(): Generator<{ key: string; value: string }> {
    let count = 0;
    try {
      for (const { key, value: sealed } of this.database.getRange()) {
        const value = unseal(sealed);
        if (value === undefined) {
          const what = key.split('\n').join(' ');
          throw new DamagedStoreError(this.file, `${what} does not fit its checksum`);
        }
        count += 1;
        yield { key, value };
      }
    } catch (error) {
      if (error instanceof DamagedStoreError) throw error;
      throw new DamagedStoreError(this.file, String(error), { cause: error });
    }
    const { entryCount } = this.database.getStats() as { entryCount: number };
    if (count === entryCount) return;
    throw new DamagedStoreError(this.file, `${count} of ${entryCount} objects can be read`);
  }

  private fill(loaded: { resource: string; stored: StoredObject }[], highest: number): number {
    for (const { resource, stored } of loaded) {
      let state = this.resources.get(resource);
      if (state === undefined) {
        const log = new WatchLog(highest + revisionGap, this.watchLogLimit);
        state = { bucket: new Bucket(), log };
        this.resources.set(resource, state);
      }
      state.bucket.set(stored);
    }
    return highest;
  }
}

const revisionKey = 'revision';

/** LMDB tells why a commit failed by a promise on the error that then rejects. */
async function causeOf(error: unknown): Promise<Error> {
  const failure = error instanceof Error ? error : new Error(String(error));
  if (!('commitError' in failure)) return failure;
  try {
    await failure.commitError;
    return failure;
  } catch (cause) {
    return cause instanceof Error ? cause : failure;
  }
}

function diskKey(resource: string, stored: StoredObject): string {
  return `${resource}\n${stored.namespace}\n${stored.name}`;
}

function toStored(
  object: AnyObject,
  revision: number,
  json: string,
  managedFields: string,
): StoredObject {
  const namespace = object.metadata.namespace ?? '';
  const { name } = object.metadata;
  return {
    key: objectKey(namespace, name),
    namespace,
    name,
    revision,
    json,
    managedFields,
    object: deepFreeze(object),
  };
}
