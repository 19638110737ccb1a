import { badRequest } from '../ApiError.ts';
import { schemaOfField } from '../field-management/structure.ts';
import { isObject, jsonEqual, type JsonObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';

type Schema = JsonSchema | undefined;

const orderDirective = '$setElementOrder/';
const deleteDirective = '$deleteFromPrimitiveList/';

/**
 * A strategic merge patch of a built-in object: like a merge patch, but lists that the schema gives a
 * merge key or the strategy `merge` are merged entry by entry. Knows the directives `$patch` (replace,
 * delete, merge), `$retainKeys`, `$deleteFromPrimitiveList/…` and `$setElementOrder/…`.
 * (k8s.io/apimachinery, pkg/util/strategicpatch)
 */
export function strategicMergePatch(schema: Schema, target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  switch (patch['$patch']) {
    case undefined:
    case 'merge':
      break;
    case 'replace':
      return withoutDirectives(patch);
    case 'delete':
      return {};
    default:
      throw badRequest(`Unknown patch type found: ${JSON.stringify(patch['$patch'])}`);
  }
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith(deleteDirective)) deleteFromList(merged, name, value);
  }
  for (const [name, value] of Object.entries(patch)) {
    if (!name.startsWith('$')) mergeField(schemaOfField(schema, name), merged, name, value);
  }
  for (const [name, value] of Object.entries(patch)) {
    if (!name.startsWith(orderDirective)) continue;
    const field = name.slice(orderDirective.length);
    const fieldSchema = schemaOfField(schema, field);
    const before = isObject(target) ? target[field] : undefined;
    merged[field] = inOrder(fieldSchema, merged[field], before, value);
    if (merged[field] === undefined) Reflect.deleteProperty(merged, field);
  }
  retainKeys(merged, patch['$retainKeys']);
  return merged;
}

function mergeField(schema: Schema, merged: JsonObject, name: string, value: unknown): void {
  if (value === null) Reflect.deleteProperty(merged, name);
  else if (Array.isArray(value)) merged[name] = mergeList(schema, merged[name], value);
  else if (schema?.['x-kubernetes-patch-strategy'] === 'replace') {
    merged[name] = withoutDirectives(value);
  } else merged[name] = strategicMergePatch(schema, merged[name], value);
}

function deleteFromList(merged: JsonObject, directive: string, values: unknown): void {
  const field = directive.slice(deleteDirective.length);
  const list = merged[field];
  if (!Array.isArray(list) || !Array.isArray(values)) return;
  merged[field] = list.filter((item) => !values.some((value) => jsonEqual(value, item)));
}

function retainKeys(merged: JsonObject, keys: unknown): void {
  if (!Array.isArray(keys)) return;
  for (const key of Object.keys(merged)) {
    if (!keys.includes(key)) Reflect.deleteProperty(merged, key);
  }
}

function mergeList(schema: Schema, target: unknown, patch: readonly unknown[]): unknown[] {
  const current: unknown[] = Array.isArray(target) ? target : [];
  const isMerged = schema?.['x-kubernetes-patch-strategy']?.includes('merge') === true;
  if (!isMerged) return patch.map(withoutDirectives);
  const directives = patch.filter((item) => isObject(item) && item['$patch'] === 'replace');
  if (directives.length > 0) {
    return patch.filter((item) => !directives.includes(item)).map(withoutDirectives);
  }
  const mergeKey = schema['x-kubernetes-patch-merge-key'];
  if (mergeKey === undefined) {
    const added = patch.filter((item) => !current.some((old) => jsonEqual(old, item)));
    return [...current, ...added];
  }
  const merged = [...current];
  for (const entry of patch) {
    if (!isObject(entry) || entry[mergeKey] === undefined) {
      throw badRequest(
        `map: ${JSON.stringify(entry)} does not contain declared merge key: ${mergeKey}`,
      );
    }
    const at = merged.findIndex(
      (old) => isObject(old) && jsonEqual(old[mergeKey], entry[mergeKey]),
    );
    if (entry['$patch'] === 'delete') {
      if (at >= 0) merged.splice(at, 1);
    } else if (at < 0) merged.push(withoutDirectives(entry));
    else merged[at] = strategicMergePatch(schema.items, merged[at], entry);
  }
  return merged;
}

/**
 * Sorts a merged list as the patch asks: entries that it names in its order, others where they stood
 * among them before.
 */
function inOrder(schema: Schema, list: unknown, before: unknown, order: unknown): unknown {
  if (!Array.isArray(list) || !Array.isArray(order)) return list;
  const key = schema?.['x-kubernetes-patch-merge-key'];
  const identity = (item: unknown) =>
    JSON.stringify(key !== undefined && isObject(item) ? item[key] : item);
  const wanted = order.map(identity);
  const old = Array.isArray(before) ? before.map(identity) : [];
  const named = list
    .filter((item) => wanted.includes(identity(item)))
    .sort((a, b) => wanted.indexOf(identity(a)) - wanted.indexOf(identity(b)));
  const others: unknown[] = list.filter((item) => !wanted.includes(identity(item)));
  const sorted: unknown[] = [];
  for (const item of named) {
    const place = old.indexOf(identity(item));
    while (others.length > 0 && place >= 0 && old.indexOf(identity(others[0])) < place) {
      sorted.push(others.shift());
    }
    sorted.push(item);
  }
  return [...sorted, ...others];
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isObject(value)) return value;
  const plain = Object.entries(value).filter(
    ([key, item]) => !key.startsWith('$') && item !== null,
  );
  return Object.fromEntries(plain.map(([key, item]) => [key, withoutDirectives(item)]));
}
