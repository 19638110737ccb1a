import type { DeleteOptions } from '../../client/KubeClient.ts';
import { conflict, notFound } from '../ApiError.ts';
import {
  present,
  presentDraft,
  storedAt,
  targetVersion,
  type ApiContext,
  type NamedTarget,
  type Presented,
  type Target,
} from '../ApiContext.ts';
import { convertObject } from '../conversion.ts';
import { cloneJson, jsonEqual } from '../json.ts';
import { selectorMatcher } from '../selectors.ts';
import { storeKey } from '../Registry.ts';
import type { AnyObject } from '../ResourceDefinition.ts';
import type { StoredObject } from '../storage/StoredObject.ts';
import { admit } from './admit.ts';
import { timestamp } from '../../client/timestamp.ts';
import { remainingFinalizers } from './modifyObject.ts';

export interface RemoveOptions extends DeleteOptions {
  readonly dryRun?: boolean;
}

export interface Removal {
  /** The object as it is now, or as it was at its end. */
  readonly object: Presented;
  /** False when finalizers or a grace period still keep it. */
  readonly gone: boolean;
}

/**
 * Deletes an object, or marks it with a deletionTimestamp when finalizers or a grace period keep it.
 * The propagation policy is written down as a finalizer for the garbage collector.
 */
export async function deleteObject(
  context: ApiContext,
  target: NamedTarget,
  options: RemoveOptions,
): Promise<Removal> {
  for (;;) {
    const previous = storedAt(context, target);
    if (previous === undefined) throw notFound(target.resource, target.name);
    context.store.holdForNow(storeKey(target.resource), previous);
    // What could not be shown when it is gone is not deleted.
    const oldObject = await convertObject(target.resource, previous.object, targetVersion(target));
    requirePreconditions(target, previous.object, options);
    const step = {
      name: target.name,
      subresource: '',
      dryRun: options.dryRun === true,
      fieldValidation: 'Ignore',
    } as const;
    await admit(context, target, step, {
      operation: 'DELETE',
      object: undefined,
      oldObject,
    });
    const removal = await removeOnce(context, target, previous, options);
    // The object changed while admission looked at it: look again.
    if (removal !== undefined) return removal;
  }
}

async function removeOnce(
  context: ApiContext,
  target: NamedTarget,
  previous: StoredObject,
  options: RemoveOptions,
): Promise<Removal | undefined> {
  const { resource } = target;
  const next = withPropagation(cloneJson(previous.object), options);
  const grace = resource.gracePeriodSeconds?.(previous.object, options) ?? 0;
  const gone = grace === 0 && remainingFinalizers(resource, next) === 0;
  if (!gone) {
    markDeleted(context, target, next, grace);
    if (options.dryRun === true) {
      const marked = presentDraft(next, previous.managedFields);
      return { object: await present(target, marked), gone };
    }
    if (jsonEqual(next, previous.object)) return { object: await present(target, previous), gone };
  } else if (options.dryRun === true) return { object: await present(target, previous), gone };
  const key = storeKey(resource);
  const write = gone
    ? context.store.remove(key, previous, next)
    : context.store.replace(key, previous, next, previous.managedFields);
  if (write === undefined) return undefined;
  await write.durable;
  return { object: await present(target, write.stored), gone };
}

function requirePreconditions(
  target: NamedTarget,
  object: AnyObject,
  { preconditions }: RemoveOptions,
): void {
  const { uid, resourceVersion } = object.metadata;
  const fail = (what: string, wanted: string, found: string) => {
    const why = `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`;
    throw conflict(target.resource, target.name, why);
  };
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    fail('UID', preconditions.uid, uid);
  }
  const wanted = preconditions?.resourceVersion;
  if (wanted !== undefined && wanted !== resourceVersion) {
    fail('ResourceVersion', wanted, resourceVersion);
  }
}

/** Without a policy the finalizers stay as they are, which means Background. */
function withPropagation(object: AnyObject, { propagationPolicy }: RemoveOptions): AnyObject {
  if (propagationPolicy === undefined) return object;
  const others = (object.metadata.finalizers ?? []).filter(
    (finalizer) => finalizer !== 'foregroundDeletion' && finalizer !== 'orphan',
  );
  if (propagationPolicy === 'Foreground') others.push('foregroundDeletion');
  if (propagationPolicy === 'Orphan') others.push('orphan');
  if (others.length > 0) object.metadata.finalizers = others;
  else delete object.metadata.finalizers;
  return object;
}

/** A second request may shorten the grace period, never lengthen it. */
function markDeleted(
  context: ApiContext,
  target: NamedTarget,
  object: AnyObject,
  grace: number,
): void {
  const { metadata } = object;
  const before = metadata.deletionGracePeriodSeconds;
  if (metadata.deletionTimestamp !== undefined && (before ?? 0) <= grace) return;
  metadata.deletionTimestamp = timestamp(context.now().getTime() + grace * 1000);
  metadata.deletionGracePeriodSeconds = grace;
  if (before === undefined && metadata.generation !== undefined) metadata.generation += 1;
  target.resource.markDeleted?.(object);
}

/** Deletes everything that the selectors name; returns what was there. */
export async function deleteCollection(
  context: ApiContext,
  target: Target,
  selectors: { labelSelector?: string | undefined; fieldSelector?: string | undefined },
  options: RemoveOptions,
): Promise<Presented[]> {
  const matches = selectorMatcher(target.resource, selectors);
  const found = context.store
    .list(storeKey(target.resource), target.namespace)
    .filter(({ object }) => matches?.(object) ?? true);
  const removed: Presented[] = [];
  for (const { name, namespace } of found) {
    const one: NamedTarget = {
      ...target,
      namespace: target.resource.namespaced ? namespace : undefined,
      name,
      subresource: '',
    };
    try {
      removed.push((await deleteObject(context, one, options)).object);
    } catch (error) {
      // Someone else deleted it first, which is what was asked for.
      if (storedAt(context, one) !== undefined) throw error;
    }
  }
  return removed;
}
