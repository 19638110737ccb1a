import { mkdirSync } from 'node:fs';
import { open, type RootDatabase } from 'lmdb';
import type { AnyObject } from '../ResourceDefinition.ts';
import { Bucket } from './Bucket.ts';
import { encodeObject, objectKey, StoredObject } from './StoredObject.ts';
import { checkStoreFile, DamagedStoreError } from './storeFile.ts';
import { packObject, readJson, seal } from './sealedValue.ts';
import type { Dictionaries } from './Dictionaries.ts';
import { type OnObject, readStore, revisionKey } from './readStore.ts';
import { WatchLog, type Change } from './WatchLog.ts';

/** After a restart the revision jumps by this much; more writes are never on their way at once. */
const revisionGap = 10_000;

/** So many of those that were written or are about to be keep their JSON in memory for a while. */
const mostHeld = 500;

/** What takes more than this part of its JSON is like none of the dictionaries. */
const wellPacked = 4;

/** A write that is visible already; `durable` resolves when it will survive a kill -9. */
export interface Write {
  readonly stored: StoredObject;
  readonly durable: Promise<void>;
}

interface ResourceState {
  readonly bucket: Bucket;
  /** Made when the first change comes, or who waits for it. */
  log?: WatchLog;
  /** Reads from the disk the JSON of an object that is not held in memory. */
  readonly read: (stored: StoredObject) => string;
}

/**
 * All objects, by resource, namespace and name, under one revision that only grows.
 *
 * Memory holds every object by its key, decoded once it has been read; LMDB holds its JSON, which lists
 * read from there. A write is applied to memory at once, so that a check and the write that it allows
 * cannot be torn apart, and is acknowledged when LMDB has committed it; LMDB puts all writes of the same
 * moment into one transaction. A commit survives the death of the process; after a power cut the newest
 * seconds may be missing, never half written.
 *
 * A reader can see a write before it is committed. Should the process die in between, the revision
 * that the reader saw is never given out again: the counter restarts well beyond it, and every watch
 * from before is told to list again.
 */
export class ObjectStore {
  private readonly resources = new Map<string, ResourceState>();
  private readonly file: string;
  private readonly database: RootDatabase<Buffer, string>;
  private readonly dictionaries: Dictionaries;
  private readonly startRevision: number;
  private currentRevision: number;
  private readonly unsaved = new Map<string, Buffer | undefined>();
  /** Committed objects whose JSON is still held, oldest first. */
  private readonly held: { resource: string; stored: StoredObject }[] = [];
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
    this.database = open<Buffer, string>({ path: this.file, encoding: 'binary' });
    const { highestRevision, dictionaries } = readStore(this.database, this.file, this.load);
    this.dictionaries = dictionaries;
    this.startRevision = highestRevision + revisionGap;
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
    const state = this.state(resource);
    state.log ??= new WatchLog(this.startRevision, this.watchLogLimit);
    return state.log;
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
    const { bucket } = this.state(resource);
    if (bucket.get(previous.key) !== previous) return undefined;
    const { stored } = this.nextRevision(resource, object, previous.managedFields);
    previous.hold();
    bucket.remove(previous);
    // The object that is gone cannot carry the deletion's revision, so that it is kept apart.
    const durable = Promise.all([
      this.save(revisionKey, seal(String(stored.revision))),
      this.save(diskKey(resource, stored), undefined),
    ]).then(() => undefined);
    const { revision } = stored;
    this.watchLog(resource).append({ revision, type: 'DELETED', current: stored, previous });
    previous.forget();
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
    const { bucket } = this.state(resource);
    const { stored, json } = this.nextRevision(resource, object, managedFields);
    // The disk is about to lose it, but watches and lists that are being read may still show it.
    previous?.hold();
    bucket.set(stored);
    const packed = packObject(json, stored, this.dictionaries.newest(resource));
    const saved = this.save(diskKey(resource, stored), packed);
    if (packed.length * wellPacked > json.length) this.learn(resource, object, managedFields);
    const durable = saved.then(() => this.releaseLater(resource, stored));
    const { revision } = stored;
    this.watchLog(resource).append({ revision, type, current: stored, previous });
    previous?.forget();
    return { stored, durable };
  }

  private nextRevision(
    resource: string,
    object: AnyObject,
    managedFields: string,
  ): { stored: StoredObject; json: string } {
    this.currentRevision += 1;
    const revision = this.currentRevision;
    const metadata = { ...object.metadata, resourceVersion: String(revision) };
    const next = { ...object, metadata };
    const { json, managedFieldsAt } = encodeObject(next, managedFields);
    const facts = {
      namespace: metadata.namespace ?? '',
      name: metadata.name,
      revision,
      apiVersion: next.apiVersion,
      size: json.length,
      managedFieldsAt,
      managedFieldsLength: managedFields.length,
    };
    const stored = new StoredObject(facts, this.state(resource).read);
    stored.hold(json);
    stored.knownAs(next);
    return { stored, json };
  }

  /** What is like this object will be packed better, once that by which it is has been committed. */
  private learn(resource: string, object: AnyObject, managedFields: string): void {
    const learned = this.dictionaries.learn(resource, object, managedFields);
    if (learned === undefined) return;
    this.save(learned.key, seal(learned.text)).then(
      () => this.dictionaries.add(learned),
      // Nothing was packed with it; the client whose object it was made of hears of the failure.
      () => this.dictionaries.forget(resource),
    );
  }

  /**
   * Keeps the JSON of an object that is about to be changed or deleted, which takes its managed fields from
   * there, and is kept when the disk loses it: it is read once.
   */
  holdForNow(resource: string, stored: StoredObject): void {
    if (stored.isHeld) return;
    stored.hold();
    this.releaseLater(resource, stored);
  }

  /** Lets the JSON of what was committed a while ago go from memory. */
  private releaseLater(resource: string, stored: StoredObject): void {
    this.held.push({ resource, stored });
    if (this.held.length <= mostHeld) return;
    const oldest = this.held.shift();
    if (oldest === undefined) return;
    const { bucket } = this.state(oldest.resource);
    if (bucket.get(oldest.stored.key) === oldest.stored) oldest.stored.release();
  }

  /**
   * Commits one value, with all that could not be written before. When the disk refuses, memory is
   * ahead of it until a later write succeeds; the client is told that its write is not safe.
   */
  private async save(key: string, sealed: Buffer | undefined): Promise<void> {
    const writes = [...this.unsaved, [key, sealed] as const];
    this.unsaved.clear();
    const commits = writes.map(([k, value]) =>
      value === undefined ? this.database.remove(k) : this.database.put(k, value),
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
      state = {
        bucket: new Bucket(),
        read: (stored) => this.readFromDisk(resource, stored),
      };
      this.resources.set(resource, state);
    }
    return state;
  }

  /** The JSON of the newest revision of an object, which has been committed. */
  private readFromDisk(resource: string, stored: StoredObject): string {
    const key = diskKey(resource, stored);
    const read = () => {
      const value = this.database.getBinaryFast(key);
      return value && readJson(value, resource, stored, this.dictionaries);
    };
    const json = read();
    if (json !== undefined) return json;
    // This turn may have begun to read before the commit.
    this.database.resetReadTxn();
    const again = read();
    if (again !== undefined) return again;
    const what = key.split('\n').join(' ');
    throw new DamagedStoreError(this.file, `${what} cannot be read any more`);
  }

  /** Notes an object that there is. */
  private readonly load: OnObject = (resource, facts, json) => {
    const { bucket, read } = this.state(resource);
    const stored = new StoredObject(facts, read);
    if (json !== undefined) stored.hold(json);
    bucket.set(stored);
  };
}

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
