import type { KubeClient } from '../client/KubeClient.ts';
import type { UserInfo } from './auth/UserInfo.ts';
import type { ObjectStore } from './storage/ObjectStore.ts';
import type { SnapshotCache } from './storage/SnapshotCache.ts';
import { storeKey, type Registry } from './Registry.ts';
import { requireConvertible } from './requireConvertible.ts';
import { apiVersionOf } from './ResourceDefinition.ts';
import type { AnyObject, ResourceDefinition } from './ResourceDefinition.ts';
import { objectJson, type StoredObject } from './storage/StoredObject.ts';

/** What every verb works on. */
export interface ApiContext {
  readonly store: ObjectStore;
  readonly registry: Registry;
  readonly snapshots: SnapshotCache;
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
  /** Without `metadata.managedFields`. */
  readonly object: AnyObject;
  /** With `metadata.managedFields`. */
  readonly json: string;
  /** `metadata.managedFields` as JSON, '' for none. */
  readonly managedFields: string;
}

/** Throws when the object would have to be converted by a webhook. */
export function present(target: Target, stored: StoredObject): Presented {
  if (stored.object.apiVersion === apiVersionOf(target.resource.group, target.version)) {
    return stored;
  }
  return presentDraft(target, stored.object, stored.managedFields);
}

/** For objects that are not stored: the outcome of a dry run. */
export function presentDraft(target: Target, draft: AnyObject, managedFields: string): Presented {
  const apiVersion = apiVersionOf(target.resource.group, target.version);
  requireConvertible(target.resource, draft.apiVersion, apiVersion);
  const object = { ...draft, apiVersion };
  return { object, json: objectJson(object, managedFields), managedFields };
}

export function storedAt(
  context: ApiContext,
  target: NamedTarget | (Target & { name: string }),
): StoredObject | undefined {
  return context.store.get(storeKey(target.resource), target.namespace ?? '', target.name);
}
