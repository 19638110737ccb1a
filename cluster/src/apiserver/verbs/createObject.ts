import { randomInt, randomUUID } from 'node:crypto';
import type { ObjectMeta } from '../../client/KubeClient.ts';
import { alreadyExists, badRequest, forbidden, notFound } from '../ApiError.ts';
import {
  present,
  presentDraft,
  type ApiContext,
  type Presented,
  type Target,
} from '../ApiContext.ts';
import { convertObject, storedApiVersion } from '../conversion.ts';
import { cloneJson } from '../json.ts';
import { enforceQuotas } from '../quota/enforceQuotas.ts';
import { storeKey } from '../Registry.ts';
import { subresourcesOf, type AnyObject } from '../ResourceDefinition.ts';
import { admit, type WriteOptions } from './admit.ts';
import type { Wanted } from './Wanted.ts';
import { parseObject } from './parseObject.ts';
import { trackCreation } from './trackFields.ts';
import { timestamp } from '../../client/timestamp.ts';

/** Names made by generateName; the alphabet is Kubernetes', which avoids vowels and look-alikes. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const generateAttempts = 8;

/** Adds an object. Rejects with AlreadyExists, Invalid, or NotFound when the namespace is missing. */
export async function createObject(
  context: ApiContext,
  target: Target,
  body: unknown,
  options: WriteOptions,
): Promise<Presented> {
  const { object, managedFields } = parseObject(target, body);
  return insertObject(context, target, { object, managedFields }, options);
}

/** Adds an object that is read already; with `applied` it comes from an apply. */
export async function insertObject(
  context: ApiContext,
  target: Target,
  wanted: Wanted,
  options: WriteOptions,
): Promise<Presented> {
  const draft = wanted.object;
  const given: Partial<ObjectMeta> = draft.metadata;
  if (given.resourceVersion !== undefined && given.resourceVersion !== '') {
    throw badRequest('resourceVersion should not be set on objects to be created');
  }
  const generated = draft.metadata.name === '' && draft.metadata.generateName !== undefined;
  for (let attempt = 1; ; attempt += 1) {
    const object = withFreshMetadata(context, target, draft);
    const asWanted = wanted.applied === undefined ? undefined : cloneJson(object);
    await admit(context, target, step(object, options), {
      operation: 'CREATE',
      object,
      oldObject: undefined,
    });
    const kept = await convertObject(target.resource, object, storedApiVersion(target.resource));
    // Nothing may wait between these checks and the write that they allow.
    requireNamespace(context, target);
    enforceQuotas(context, target, object, undefined);
    const { name } = object.metadata;
    const exists = context.store.get(storeKey(target.resource), target.namespace ?? '', name);
    const managedFields = trackCreation(context, target, wanted, asWanted, object);
    if (exists === undefined && options.dryRun === true) return presentDraft(object, managedFields);
    const write =
      exists === undefined
        ? context.store.create(storeKey(target.resource), kept, managedFields)
        : undefined;
    if (write !== undefined) {
      await write.durable;
      return present(target, write.stored);
    }
    if (!generated || attempt === generateAttempts) throw alreadyExists(target.resource, name);
  }
}

function step(object: AnyObject, options: WriteOptions) {
  return {
    name: object.metadata.name,
    subresource: '',
    dryRun: options.dryRun === true,
    fieldValidation: options.fieldValidation ?? 'Warn',
  } as const;
}

function withFreshMetadata(context: ApiContext, target: Target, draft: AnyObject): AnyObject {
  const object = cloneJson(draft);
  if (subresourcesOf(target.resource, target.version).status === true) delete object['status'];
  const { metadata } = object;
  if (metadata.name === '' && metadata.generateName !== undefined) {
    metadata.name = metadata.generateName.slice(0, 63 - suffixLength) + randomSuffix();
  }
  metadata.uid = randomUUID();
  metadata.creationTimestamp = timestamp(context.now());
  if (target.resource.generation !== false) metadata.generation = 1;
  else delete metadata.generation;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  return object;
}

function randomSuffix(): string {
  return Array.from({ length: suffixLength }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Nothing can be made in a namespace that is missing or going away. */
function requireNamespace(context: ApiContext, target: Target): void {
  if (target.namespace === undefined) return;
  const namespaces = { group: '', plural: 'namespaces' };
  const namespace = context.store.get('namespaces', '', target.namespace);
  if (namespace === undefined) throw notFound(namespaces, target.namespace);
  if (namespace.object.metadata.deletionTimestamp !== undefined) {
    const why = `unable to create new content in namespace ${target.namespace} because it is being terminated`;
    throw forbidden(target.resource, '', why);
  }
}
