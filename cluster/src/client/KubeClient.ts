/**
 * The only way by which the cluster's parts (controllers, virt-handler, CDI ...) reach the Kubernetes
 * API. In process it is answered by the API server without a socket; any implementation that speaks
 * to a real API server fits as well.
 *
 * Every method rejects with an `ApiError` (apiserver/ApiError.ts) that carries a `metav1.Status`.
 */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  generateName?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  /** RFC 3339, seconds. */
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
}

/** What every stored object has. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** An object as a client sends it: the server fills in what is absent from `metadata`. */
export type Draft<T extends KubeObject> = Omit<T, 'metadata'> & { metadata: Partial<ObjectMeta> };

/** Names a resource; `T` is the type of its objects. */
export interface ResourceRef<T extends KubeObject = KubeObject> {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never set: it only carries the type. */
  readonly object?: T;
}

export interface ObjectKey {
  namespace?: string | undefined;
  name: string;
}

export type Patch =
  { type: 'json'; operations: JsonPatchOperation[] } | { type: 'merge'; body: unknown };

export interface JsonPatchOperation {
  op: 'add' | 'remove' | 'replace' | 'test' | 'move' | 'copy';
  path: string;
  from?: string;
  value?: unknown;
}

export interface ListOptions {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

export interface DeleteOptions {
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
}

export interface WatchEvent<T extends KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
}

export interface KubeClient {
  get<T extends KubeObject>(resource: ResourceRef<T>, key: ObjectKey): Promise<T>;
  list<T extends KubeObject>(
    resource: ResourceRef<T>,
    options?: ListOptions,
  ): Promise<{ resourceVersion: string; items: T[] }>;
  create<T extends KubeObject>(
    resource: ResourceRef<T>,
    object: Draft<T>,
    options?: { dryRun?: boolean },
  ): Promise<T>;
  /** Replaces the object; 409 Conflict when `metadata.resourceVersion` is not the stored one. */
  update<T extends KubeObject>(resource: ResourceRef<T>, object: T): Promise<T>;
  updateStatus<T extends KubeObject>(resource: ResourceRef<T>, object: T): Promise<T>;
  patch<T extends KubeObject>(
    resource: ResourceRef<T>,
    key: ObjectKey,
    patch: Patch,
    options?: { subresource?: string },
  ): Promise<T>;
  delete<T extends KubeObject>(
    resource: ResourceRef<T>,
    key: ObjectKey,
    options?: DeleteOptions,
  ): Promise<void>;
  /**
   * Calls `onEvent` for every change after `resourceVersion`, in order, until the returned function is
   * called. `onEnd` is called when the server ends the watch (410 Gone): list again, then watch again.
   */
  watch<T extends KubeObject>(
    resource: ResourceRef<T>,
    options: ListOptions & { resourceVersion: string },
    onEvent: (event: WatchEvent<T>) => void,
    onEnd: (error?: Error) => void,
  ): () => void;
}
