import type { KubeClient } from '../client/KubeClient.ts';
import type { Authorize } from './auth/Authorize.ts';
import type { UserInfo } from './auth/UserInfo.ts';
import type { ObjectStore } from './storage/ObjectStore.ts';
import type { SnapshotCache } from './storage/SnapshotCache.ts';
import { convertObjects } from './conversion.ts';
import { storeKey, type Registry } from './Registry.ts';
import { apiVersionOf } from './ResourceDefinition.ts';
import type { AnyObject, ResourceDefinition } from './ResourceDefinition.ts';
import { objectJson, type StoredObject } from './storage/StoredObject.ts';

/** What every verb works on. */
export interface ApiContext {
  readonly store: ObjectStore;
  readonly registry: Registry;
  readonly snapshots: SnapshotCache;
  /** Decides what a user may do; asked over HTTP for every request, in process for access reviews alone. */
  readonly authorize: Authorize;
  now(): Date;
  clientFor(user: UserInfo): KubeClient;
}

/** Whom and what a request is about. */
export interface Target {
  readonly resource: ResourceDefinition;
  readonly version: string;
  /** Undefined for cluster-wide resources and for lists over all namespaces. */
  readonly namespace: string | undefined;
  readonly user: UserInfo;
  /** Who owns the fields that are written, as in `metadata.managedFields`. */
  readonly fieldManager: string;
  warn(text: string): void;
}

export interface NamedTarget extends Target {
  readonly name: string;
  /** '' for the resource itself. */
  readonly subresource: string;
}

/** An object as a reader sees it. */
export interface Presented {
  /** As in the object, known without decoding it. */
  readonly apiVersion: string;
  /** Without `metadata.managedFields`. */
  readonly object: AnyObject;
  /** With `metadata.managedFields`. */
  readonly json: string;
  /** `metadata.managedFields` as JSON, '' for none. */
  readonly managedFields: string;
}

/** The `apiVersion` of what a request sends and gets. */
export function targetVersion({ resource, version }: Target): string {
  return apiVersionOf(resource.group, version);
}

/** A stored object in the version of the request. Rejects when it cannot be converted. */
export async function present(target: Target, stored: Presented): Promise<Presented> {
  const [presented = stored] = await presentAll(target, [stored]);
  return presented;
}

/** Stored objects in the version of the request, in their order. */
export async function presentAll(
  target: Target,
  stored: readonly Presented[],
): Promise<readonly Presented[]> {
  const apiVersion = targetVersion(target);
  if (stored.every((one) => one.apiVersion === apiVersion)) return stored;
  const objects = stored.map(({ object }) => object);
  const converted = await convertObjects(target.resource, objects, apiVersion);
  return stored.map((one, index) => {
    const object = converted[index];
    if (object === undefined || object === one.object) return one;
    return presentDraft(object, one.managedFields);
  });
}

/** For objects that are not stored as they are: the outcome of a dry run. */
export function presentDraft(object: AnyObject, managedFields: string): Presented {
  const { apiVersion } = object;
  return { apiVersion, object, json: objectJson(object, managedFields), managedFields };
}

export function storedAt(
  context: ApiContext,
  target: NamedTarget | (Target & { name: string }),
): StoredObject | undefined {
  return context.store.get(storeKey(target.resource), target.namespace ?? '', target.name);
}
