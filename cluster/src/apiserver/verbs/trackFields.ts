import type { ApiContext, NamedTarget, Presented, Target } from '../ApiContext.ts';
import {
  managedFieldsText,
  parseManagedFields,
  readManagedFields,
  type ManagedEntry,
} from '../field-management/ManagedFields.ts';
import { mergeSchema } from '../field-management/mergeSchema.ts';
import { trackUpdate, type Writer } from '../field-management/trackUpdate.ts';
import { isObject } from '../json.ts';
import { apiVersionOf, type AnyObject } from '../ResourceDefinition.ts';
import { timestamp } from '../../client/timestamp.ts';
import type { Wanted } from './Wanted.ts';

/**
 * The managed fields (JSON, '' for none) of an object that changes from `previous` to `next`.
 * `asWanted` is what an apply asked for, before admission.
 */
export function trackChange(
  context: ApiContext,
  target: NamedTarget,
  previous: Pick<Presented, 'object' | 'managedFields'>,
  wanted: Wanted,
  asWanted: AnyObject | undefined,
  next: AnyObject,
): string {
  const schema = mergeSchema(target.resource, target.version);
  const writer = writerOf(context, target, 'Update', target.subresource);
  if (wanted.applied !== undefined && asWanted !== undefined) {
    return managedFieldsText(afterAdmission(target, wanted.applied, asWanted, next, writer));
  }
  const stored = parseManagedFields(previous.managedFields);
  const before = target.subresource === '' ? givenEntries(wanted.managedFields, stored) : stored;
  const after = trackUpdate(schema, before, previous.object, next, writer);
  return after === stored ? previous.managedFields : managedFieldsText(after);
}

/** The managed fields (JSON) of an object that is new. */
export function trackCreation(
  context: ApiContext,
  target: Target,
  wanted: Wanted,
  asWanted: AnyObject | undefined,
  object: AnyObject,
): string {
  const writer = writerOf(context, target, 'Update', '');
  if (wanted.applied !== undefined && asWanted !== undefined) {
    return managedFieldsText(afterAdmission(target, wanted.applied, asWanted, object, writer));
  }
  const given = givenEntries(wanted.managedFields, []);
  const schema = mergeSchema(target.resource, target.version);
  return managedFieldsText(trackUpdate(schema, given, {}, object, writer));
}

/** Who writes in this request. */
export function writerOf(
  context: ApiContext,
  target: Target,
  operation: 'Apply' | 'Update',
  subresource: string,
): Writer {
  return {
    name: target.fieldManager,
    operation,
    apiVersion: apiVersionOf(target.resource.group, target.version),
    subresource,
    time: timestamp(context.now()),
  };
}

/**
 * What admission adds to an applied object belongs to the applier, by an update. Kubernetes gives the
 * defaults of its own kinds not by admission but in their decoding: they belong to nobody.
 */
function afterAdmission(
  target: Target,
  entries: readonly ManagedEntry[],
  asWanted: AnyObject,
  admitted: AnyObject,
  writer: Writer,
): readonly ManagedEntry[] {
  if (target.resource.strategicMerge === true) return entries;
  const schema = mergeSchema(target.resource, target.version);
  return trackUpdate(schema, entries, asWanted, admitted, writer);
}

/**
 * A client may send the managed fields back, changed or not. An empty list, or one with an empty
 * entry, forgets them; what cannot be read leaves them as they are.
 */
function givenEntries(given: unknown, stored: readonly ManagedEntry[]): readonly ManagedEntry[] {
  if (!Array.isArray(given)) return stored;
  const [first] = given as unknown[];
  const isReset = given.length === 1 && isObject(first) && Object.keys(first).length === 0;
  if (given.length === 0 || isReset) return [];
  const read = readManagedFields(given);
  if (read === undefined || managedFieldsText(read) === managedFieldsText(stored)) return stored;
  return read;
}
