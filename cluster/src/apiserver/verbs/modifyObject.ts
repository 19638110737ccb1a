import type { ObjectMeta } from '../../client/KubeClient.ts';
import { conflict, invalid, notFound, staleObject } from '../ApiError.ts';
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
import { convertObject, storedApiVersion } from '../conversion.ts';
import { cloneJson, fieldAt, jsonEqual } from '../json.ts';
import { enforceQuotas } from '../quota/enforceQuotas.ts';
import { storeKey } from '../Registry.ts';
import { subresourcesOf, type AnyObject, type ResourceDefinition } from '../ResourceDefinition.ts';
import { admit, type WriteOptions } from './admit.ts';
import { trackChange } from './trackFields.ts';
import type { Wanted } from './Wanted.ts';

/** A patch that lost this many races gives up with a conflict, as the API server does. */
const attempts = 5;

/**
 * Replaces an object by what `produce` makes of it (frozen) and of its managed fields (JSON, '' for none). `produce` runs again when the object changed meanwhile, unless what it returns carries
 * another resourceVersion: that is a conflict.
 */
export async function modifyObject(
  context: ApiContext,
  target: NamedTarget,
  options: WriteOptions,
  produce: (current: AnyObject, managedFields: string) => Wanted,
): Promise<Presented> {
  const { resource, name } = target;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const previous = storedAt(context, target);
    if (previous === undefined) throw notFound(resource, name);
    context.store.holdForNow(storeKey(resource), previous);
    const { managedFields: managedBefore } = previous;
    const current = await convertObject(resource, previous.object, targetVersion(target));
    const wanted = produce(current, managedBefore);
    requireSameObject(target, current, wanted.object);
    const next = withServerFields(target, current, wanted.object);
    const asWanted = wanted.applied === undefined ? undefined : cloneJson(next);
    await admit(
      context,
      target,
      {
        name,
        subresource: target.subresource,
        dryRun: options.dryRun === true,
        fieldValidation: options.fieldValidation ?? 'Warn',
      },
      { operation: 'UPDATE', object: next, oldObject: current },
    );
    countGeneration(target, current, next);
    next.metadata.resourceVersion = current.metadata.resourceVersion;
    const kept = await convertObject(resource, next, storedApiVersion(resource));
    // Nothing may wait between this check and the write that it allows.
    if (target.subresource === '') enforceQuotas(context, target, next, current);
    const before = { object: current, managedFields: managedBefore };
    const managedFields = trackChange(context, target, before, wanted, asWanted, next);
    if (managedFields === managedBefore && jsonEqual(previous.object, kept)) {
      return present(target, previous);
    }
    if (options.dryRun === true) return presentDraft(next, managedFields);
    const write = isOver(resource, next)
      ? context.store.remove(storeKey(resource), previous, kept)
      : context.store.replace(storeKey(resource), previous, kept, managedFields);
    if (write !== undefined) {
      await write.durable;
      return present(target, write.stored);
    }
  }
  throw conflict(resource, name, staleObject);
}

/** A uid or resourceVersion that is given must fit; without them whatever is there is overwritten. */
function requireSameObject(target: NamedTarget, current: AnyObject, wanted: AnyObject): void {
  const { resource, name } = target;
  const { uid, resourceVersion } = given(wanted);
  if (uid !== undefined && uid !== '' && uid !== current.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`;
    throw conflict(resource, name, why);
  }
  if (
    resourceVersion !== undefined &&
    resourceVersion !== '' &&
    resourceVersion !== current.metadata.resourceVersion
  ) {
    throw conflict(resource, name, staleObject);
  }
  if (wanted.metadata.name !== current.metadata.name) {
    const message = `Invalid value: ${JSON.stringify(wanted.metadata.name)}: field is immutable`;
    throw invalid(resource, name, [
      { reason: 'FieldValueInvalid', message, field: 'metadata.name' },
    ]);
  }
}

/** A client may leave out of the metadata what every stored object has. */
function given({ metadata }: AnyObject): Partial<ObjectMeta> {
  return metadata;
}

/** What a client cannot change comes from the stored object. */
function withServerFields(target: NamedTarget, current: AnyObject, wanted: AnyObject): AnyObject {
  const { resource, subresource, version } = target;
  if (subresource === 'status') {
    return withField(cloneJson(current), 'status', wanted['status']);
  }
  const hasStatus = subresourcesOf(resource, version).status === true;
  const next = hasStatus
    ? withField(wanted, 'status', cloneJson(current['status']))
    : { ...wanted };
  next.metadata = { ...wanted.metadata };
  for (const field of serverFields) {
    if (current.metadata[field] === undefined) Reflect.deleteProperty(next.metadata, field);
    else Object.assign(next.metadata, { [field]: current.metadata[field] });
  }
  return next;
}

const serverFields = [
  'name',
  'namespace',
  'generateName',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
] as const;

function withField(object: AnyObject, field: string, value: unknown): AnyObject {
  const next: AnyObject = { ...object };
  if (value === undefined) Reflect.deleteProperty(next, field);
  else next[field] = value;
  return next;
}

/** The generation counts changes of what the user wants: everything but metadata and status. */
function countGeneration({ resource, version }: Target, current: AnyObject, next: AnyObject): void {
  if (resource.generation === false) return;
  const desired = ({ ...rest }: AnyObject): object => {
    Reflect.deleteProperty(rest, 'metadata');
    if (subresourcesOf(resource, version).status === true) Reflect.deleteProperty(rest, 'status');
    return rest;
  };
  if (jsonEqual(desired(current), desired(next))) return;
  next.metadata.generation = (current.metadata.generation ?? 0) + 1;
}

/** Has the last finalizer gone from an object that is to be deleted? */
function isOver(resource: ResourceDefinition, object: AnyObject): boolean {
  if (object.metadata.deletionTimestamp === undefined) return false;
  if (remainingFinalizers(resource, object) > 0) return false;
  return (object.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

export function remainingFinalizers(resource: ResourceDefinition, object: AnyObject): number {
  const own = resource.finalizersPath ? fieldAt(object, resource.finalizersPath) : undefined;
  return (object.metadata.finalizers?.length ?? 0) + (Array.isArray(own) ? own.length : 0);
}
