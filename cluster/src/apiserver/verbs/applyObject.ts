import { ApiError, badRequest, conflict, hasReason, notFound } from '../ApiError.ts';
import {
  storedAt,
  targetVersion,
  type ApiContext,
  type NamedTarget,
  type Presented,
} from '../ApiContext.ts';
import { applyConfiguration } from '../field-management/applyConfiguration.ts';
import { parseManagedFields } from '../field-management/ManagedFields.ts';
import { mergeSchema } from '../field-management/mergeSchema.ts';
import { fieldAt, isObject, type JsonObject } from '../json.ts';
import { apiVersionOf, subresourcesOf, type AnyObject } from '../ResourceDefinition.ts';
import { unknownFields } from '../schema/checkSchema.ts';
import type { WriteOptions } from './admit.ts';
import { insertObject } from './createObject.ts';
import { modifyObject } from './modifyObject.ts';
import type { Wanted } from './Wanted.ts';
import { parseObject } from './parseObject.ts';
import { writerOf } from './trackFields.ts';
import { requireWritable } from './updateObject.ts';

export const applyPatchType = 'application/apply-patch+yaml';

export interface ApplyOptions extends WriteOptions {
  /** Takes fields from other managers instead of a conflict. */
  readonly force: boolean;
}

export interface ApplyOutcome {
  readonly object: Presented;
  readonly created: boolean;
}

/** Server-side apply: makes the object when it is not there, else merges the configuration into it. */
export async function applyObject(
  context: ApiContext,
  target: NamedTarget,
  body: unknown,
  options: ApplyOptions,
): Promise<ApplyOutcome> {
  requireWritable(target);
  const configuration = readConfiguration(target, body);
  const wantedFrom = (live: JsonObject, managedFields: string): Wanted => {
    const applied = applyConfiguration(
      mergeSchema(target.resource, target.version),
      live,
      parseManagedFields(managedFields),
      configuration,
      { ...writerOf(context, target, 'Apply', target.subresource), force: options.force },
    );
    const shown = { ...applied.object, apiVersion: targetVersion(target) };
    return { object: parseObject(target, shown).object, applied: applied.entries };
  };
  for (;;) {
    if (storedAt(context, target) !== undefined) {
      const object = await modifyObject(context, target, options, wantedFrom);
      return { object, created: false };
    }
    if (target.subresource !== '') throw notFound(target.resource, target.name);
    refuseIdentity(target, configuration);
    try {
      const object = await insertObject(context, target, wantedFrom({}, ''), options);
      return { object, created: true };
    } catch (error) {
      // Someone else made it in the meantime: then it is to be changed.
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
  }
}

/** The configuration, checked, without what this request cannot set. */
function readConfiguration(target: NamedTarget, body: unknown): JsonObject {
  if (!isObject(body)) throw badRequest('the configuration to apply must be an object');
  for (const field of ['kind', 'apiVersion']) {
    if (typeof body[field] === 'string' && body[field] !== '') continue;
    throw badRequest(`error decoding patch: ${field} is missing in the configuration to apply`);
  }
  const { object, managedFields } = parseObject(target, body);
  if (managedFields !== undefined && managedFields !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const { name } = object.metadata;
  if (name !== '' && name !== target.name) {
    throw badRequest(
      `name in body ${JSON.stringify(name)} doesn't match name on request ${JSON.stringify(target.name)}`,
    );
  }
  object.metadata.name = target.name;
  refuseUnknown(target, object);
  return appliedPart(target, object);
}

function refuseUnknown(target: NamedTarget, object: AnyObject): void {
  const unknown = unknownFields(target, object);
  if (unknown.length === 0) return;
  const { group, kind } = target.resource;
  const of = `${target.namespace ?? ''}/${target.name}; ${apiVersionOf(group, target.version)}, Kind=${kind}`;
  const texts = unknown.map((path) => `.${path}: field not declared in schema`);
  throw badRequest(`failed to create typed patch object (${of}): ${texts.join(', ')}`);
}

/** Status and the rest are applied apart, as they are updated apart. */
function appliedPart(
  { resource, subresource, version }: NamedTarget,
  object: AnyObject,
): JsonObject {
  const { status, ...rest } = object;
  if (subresource === 'status') {
    const { name, namespace, resourceVersion, uid } = object.metadata;
    const metadata = withoutAbsent({ name, namespace, resourceVersion, uid });
    return { metadata, ...(status === undefined ? {} : { status }) };
  }
  return subresourcesOf(resource, version).status === true ? rest : object;
}

function withoutAbsent(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What has a uid or resourceVersion is meant to exist. */
function refuseIdentity(target: NamedTarget, configuration: JsonObject): void {
  const uid = fieldAt(configuration, ['metadata', 'uid']);
  if (typeof uid === 'string' && uid !== '') {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(target.resource, target.name, why);
  }
  const revision = fieldAt(configuration, ['metadata', 'resourceVersion']);
  if (revision !== undefined && revision !== '') throw notFound(target.resource, target.name);
}

/** An apply names its manager. */
export function requireFieldManager(fieldManager: string | null): void {
  if (fieldManager !== null && fieldManager !== '') return;
  throw new ApiError(
    422,
    'Invalid',
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    {
      group: 'meta.k8s.io',
      kind: 'PatchOptions',
      causes: [
        {
          reason: 'FieldValueRequired',
          message: 'Required value: is required for apply patch',
          field: 'fieldManager',
        },
      ],
    },
  );
}
