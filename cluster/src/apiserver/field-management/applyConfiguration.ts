import { ApiError, badRequest, type StatusCause } from '../ApiError.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';
import { AppliedListError, appliedFields } from './appliedFields.ts';
import { compareObjects } from './compareObjects.ts';
import { emptySet, intersection, isEmptySet, pathTexts, union, type FieldSet } from './FieldSet.ts';
import { inOrder, isSameManager, type ManagedEntry, type Manager } from './ManagedFields.ts';
import { mergeApplied } from './mergeApplied.ts';
import { ownable } from './ownable.ts';
import { pruneAbandoned } from './pruneAbandoned.ts';
import { disown, type Writer } from './trackUpdate.ts';

export interface Applied {
  readonly object: JsonObject;
  readonly entries: readonly ManagedEntry[];
}

/**
 * Server-side apply: merges a configuration into the live object and makes the applier the owner of
 * what it names; what it named the last time and nobody else owns goes. Fields that others own with
 * another value are a conflict (409), unless `force` takes them away.
 * (structured-merge-diff merge/update.go, Updater.Apply)
 */
export function applyConfiguration(
  schema: JsonSchema | undefined,
  live: JsonObject,
  entries: readonly ManagedEntry[],
  configuration: JsonObject,
  applier: Writer & { readonly force: boolean },
): Applied {
  const given = withoutNulls(configuration);
  const claimed = claimedFields(schema, given);
  const own = entries.find((entry) => isSameManager(entry, applier));
  const others = entries.filter((entry) => entry !== own);
  const merged = mergeApplied(schema, live, given);
  const owned = others.reduce<FieldSet>((all, { fields }) => union(all, fields), claimed);
  const pruned = pruneAbandoned(schema, merged, own?.fields ?? emptySet, owned);
  if (!isObject(pruned)) throw badRequest('the configuration is not an object');
  const { changed, removed } = compareObjects(schema, ownable(live), ownable(pruned));
  if (!applier.force) refuseConflicts(others, changed);
  const left = disown(others, union(changed, removed));
  const { name, operation, apiVersion, subresource } = applier;
  const isSame =
    own !== undefined &&
    isEmptySet(changed) &&
    isEmptySet(removed) &&
    own.apiVersion === apiVersion &&
    JSON.stringify(own.fields) === JSON.stringify(claimed);
  const time = isSame ? own.time : applier.time;
  const mine = { name, operation, apiVersion, subresource, time, fields: claimed };
  return { object: pruned, entries: inOrder([...left, mine]) };
}

function claimedFields(schema: JsonSchema | undefined, configuration: JsonObject): FieldSet {
  try {
    const claimed = appliedFields(schema, ownable(configuration));
    const { 'f:metadata': metadata, ...rest } = claimed;
    return metadata === undefined || isEmptySet(metadata) ? rest : claimed;
  } catch (error) {
    if (!(error instanceof AppliedListError)) throw error;
    throw badRequest(`failed to create typed patch object: ${error.message}`);
  }
}

function refuseConflicts(others: readonly ManagedEntry[], changed: FieldSet): void {
  const conflicts = others.flatMap((entry) =>
    pathTexts(intersection(entry.fields, changed)).map((path) => ({
      manager: managerText(entry),
      path,
    })),
  );
  if (conflicts.length === 0) return;
  const causes = conflicts.map<StatusCause>(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }));
  throw new ApiError(409, 'Conflict', conflictText(conflicts), { causes });
}

function conflictText(conflicts: readonly { manager: string; path: string }[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1 && first !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.path}`;
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((one) => one.manager === manager).map(({ path }) => `- ${path}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

function managerText({ name, operation, apiVersion, subresource }: Manager): string {
  const quoted = JSON.stringify(name);
  const of = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Update' ? `${quoted}${of} using ${apiVersion}` : `${quoted}${of}`;
}

/** A null claims nothing. */
function withoutNulls(value: JsonObject): JsonObject {
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(
    fields.map(([name, field]) => [name, isObject(field) ? withoutNulls(field) : field]),
  );
}
