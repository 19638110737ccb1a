import { messageOf } from './messageOf.ts';
import { realClock, type Clock, type Timer } from './Clock.ts';
import type { KubeClient, KubeObject, ObjectKey, ResourceRef } from './KubeClient.ts';

/** Values under which an object is found; see `Informer.byIndex`. */
export type IndexFunction<T> = (object: T) => readonly string[];

export interface InformerOptions<T> {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>>;
  readonly clock?: Clock;
  /** Told of failed lists and watches; they are tried again. */
  readonly log?: (message: string) => void;
}

/** Called with what was and what is: one of them is absent when the object comes or goes. */
export type ChangeListener<T> = (change: {
  key: ObjectKey;
  before: T | undefined;
  after: T | undefined;
}) => void;

const retryMs = 1000;

/** The index of every object's owners by uid, which each informer has. */
const ownerIndex = 'owner';

/** The index of namespaces, which each informer has too. */
const namespaceIndex = 'namespace';

/**
 * A local copy of a resource, kept fresh by a list and a watch. The objects are shared and frozen:
 * `structuredClone` one before changing it. What was just written may not be seen here yet.
 */
export class Informer<T extends KubeObject> {
  private readonly objects = new Map<string, T>();
  private readonly indexes = new Map<string, Map<string, Set<string>>>();
  private readonly indexFunctions: Map<string, IndexFunction<T>>;
  private readonly listeners = new Set<ChangeListener<T>>();
  private readonly clock: Clock;
  private stopWatch: (() => void) | undefined;
  private retry: Timer | undefined;
  private closed = false;
  private started: Promise<void> | undefined;

  constructor(
    private readonly client: KubeClient,
    readonly resource: ResourceRef<T>,
    private readonly options: InformerOptions<T> = {},
  ) {
    this.clock = options.clock ?? realClock;
    this.indexFunctions = new Map(Object.entries(options.indexes ?? {}));
    this.indexFunctions.set(ownerIndex, (object) =>
      (object.metadata.ownerReferences ?? []).map(({ uid }) => uid),
    );
    this.indexFunctions.set(namespaceIndex, ({ metadata: { namespace } }) =>
      namespace === undefined ? [] : [namespace],
    );
  }

  /** Begins; resolves when the first list is in. Later calls give the same promise. */
  start(): Promise<void> {
    this.started ??= new Promise((resolve) => {
      void this.relist(resolve);
    });
    return this.started;
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(keyText(key));
  }

  get size(): number {
    return this.objects.size;
  }

  /** All objects, or those of one namespace, in no particular order. */
  list(namespace?: string): T[] {
    if (namespace !== undefined) return this.byIndex(namespaceIndex, namespace);
    return [...this.objects.values()];
  }

  /** The objects that name this uid among their ownerReferences. */
  ownedBy(uid: string): T[] {
    return this.byIndex(ownerIndex, uid);
  }

  /** The objects for which the index of that name gives the value. */
  byIndex(index: string, value: string): T[] {
    if (!this.indexFunctions.has(index)) throw new Error(`informer has no index ${index}`);
    const found: T[] = [];
    for (const key of this.indexes.get(index)?.get(value) ?? []) {
      const object = this.objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  /** Calls the listener on every later change; returns what ends that. */
  onChange(listener: ChangeListener<T>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    this.stopWatch?.();
    if (this.retry !== undefined) this.clock.clearTimeout(this.retry);
    this.listeners.clear();
  }

  private async relist(onListed: () => void): Promise<void> {
    const { namespace, labelSelector, fieldSelector } = this.options;
    const scope = { namespace, labelSelector, fieldSelector };
    try {
      const { items, resourceVersion } = await this.client.list(this.resource, scope);
      if (this.closed) return;
      this.replaceAll(items);
      onListed();
      this.stopWatch = this.client.watch(
        this.resource,
        { ...scope, resourceVersion },
        ({ type, object }) => {
          this.put(keyText(object.metadata), type === 'DELETED' ? undefined : object);
        },
        (error) => {
          // Without an error the server only ended the watch in its own time.
          if (error !== undefined) this.report('watch', error);
          this.relistLater(error === undefined || isExpired(error) ? 0 : retryMs, onListed);
        },
      );
    } catch (error) {
      this.report('list', error);
      this.relistLater(retryMs, onListed);
    }
  }

  private relistLater(milliseconds: number, onListed: () => void): void {
    if (this.closed) return;
    this.retry = this.clock.setTimeout(() => void this.relist(onListed), milliseconds);
  }

  private replaceAll(items: readonly T[]): void {
    const gone = new Set(this.objects.keys());
    for (const item of items) {
      const key = keyText(item.metadata);
      gone.delete(key);
      const known = this.objects.get(key)?.metadata.resourceVersion;
      if (known !== item.metadata.resourceVersion) this.put(key, item);
    }
    for (const key of gone) this.put(key, undefined);
  }

  private put(key: string, after: T | undefined): void {
    const before = this.objects.get(key);
    if (before === undefined && after === undefined) return;
    if (before !== undefined) this.eachIndexValue(before, (keys) => keys.delete(key));
    if (after === undefined) this.objects.delete(key);
    else {
      this.objects.set(key, after);
      this.eachIndexValue(after, (keys) => keys.add(key));
    }
    const metadata = (after ?? before)?.metadata;
    if (metadata === undefined) return;
    const change = { key: { namespace: metadata.namespace, name: metadata.name }, before, after };
    for (const listener of [...this.listeners]) listener(change);
  }

  private eachIndexValue(object: T, action: (keys: Set<string>) => void): void {
    for (const [name, valuesOf] of this.indexFunctions) {
      let index = this.indexes.get(name);
      if (index === undefined) {
        index = new Map<string, Set<string>>();
        this.indexes.set(name, index);
      }
      for (const value of valuesOf(object)) {
        let keys = index.get(value);
        if (keys === undefined) {
          keys = new Set();
          index.set(value, keys);
        }
        action(keys);
        if (keys.size === 0) index.delete(value);
      }
    }
  }

  private report(what: string, error: unknown): void {
    const text = messageOf(error);
    this.options.log?.(`${what} of ${this.resource.plural}: ${text}`);
  }
}

/** What the parts use of an informer whose kind they need not know. */
export type AnyInformer = Pick<
  Informer<KubeObject>,
  'get' | 'list' | 'ownedBy' | 'onChange' | 'resource'
>;

/** `namespace/name`, or the name alone for cluster-wide objects. */
export function keyText({ namespace, name }: ObjectKey): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The opposite of `keyText`. */
export function parseKey(text: string): ObjectKey {
  const slash = text.indexOf('/');
  if (slash < 0) return { name: text };
  return { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

function isExpired(error: Error): boolean {
  return 'code' in error && error.code === 410;
}
