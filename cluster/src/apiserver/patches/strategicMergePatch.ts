import { badRequest } from '../ApiError.ts';
import { isObject, jsonEqual, type JsonObject } from '../json.ts';

/**
 * Lists of the built-in kinds that are merged by a key instead of replaced, by the name of their
 * field (the `patchMergeKey` tags of k8s.io/api). A name with several keys takes the first one that
 * the patch's entries have.
 */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  conditions: ['type'],
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  hostAliases: ['ip'],
  ownerReferences: ['uid'],
  addresses: ['type'],
  ports: ['containerPort', 'port'],
  topologySpreadConstraints: ['topologyKey'],
  podIPs: ['ip'],
  hostIPs: ['ip'],
  resourceClaims: ['name'],
};

/** Lists of plain values that are merged as sets. */
const sets = new Set(['finalizers', 'podCIDRs']);

/**
 * A strategic merge patch of a built-in object: like a merge patch, but lists with a merge key are
 * merged entry by entry. Knows `$patch` (replace, delete, merge), `$retainKeys`,
 * `$deleteFromPrimitiveList/…` and `$setElementOrder/…` (accepted; order follows the patch).
 */
export function strategicMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  if (patch['$patch'] === 'delete') return {};
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) mergeField(merged, key, value);
  const retain = patch['$retainKeys'];
  if (Array.isArray(retain)) {
    for (const key of Object.keys(merged)) {
      if (!retain.includes(key)) Reflect.deleteProperty(merged, key);
    }
  }
  return merged;
}

function mergeField(merged: JsonObject, key: string, value: unknown): void {
  const deleteList = '$deleteFromPrimitiveList/';
  if (key.startsWith(deleteList)) {
    const field = key.slice(deleteList.length);
    const list = merged[field];
    if (Array.isArray(list) && Array.isArray(value)) {
      merged[field] = list.filter((item) => !value.includes(item));
    }
  } else if (!key.startsWith('$')) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else if (Array.isArray(value)) merged[key] = mergeList(key, merged[key], value);
    else merged[key] = strategicMergePatch(merged[key], value);
  }
}

function mergeList(field: string, target: unknown, patch: readonly unknown[]): unknown[] {
  const current: unknown[] = Array.isArray(target) ? target : [];
  if (sets.has(field)) {
    return [...current, ...patch.filter((item) => !current.some((old) => jsonEqual(old, item)))];
  }
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) {
    return patch.filter((item) => !(isObject(item) && item['$patch'] === 'replace'));
  }
  const keys = mergeKeys[field];
  const entries = patch.filter(isObject);
  if (keys === undefined || entries.length !== patch.length) return patch.map(withoutDirectives);
  const mergeKey = keys.find((key) => entries.every((entry) => entry[key] !== undefined));
  if (mergeKey === undefined) {
    throw badRequest(`map: does not contain declared merge key: ${keys.join(' or ')} (${field})`);
  }
  return mergeEntries(mergeKey, current, entries);
}

function mergeEntries(
  mergeKey: string,
  current: readonly unknown[],
  patch: readonly JsonObject[],
): unknown[] {
  const merged = [...current];
  for (const entry of patch) {
    const at = merged.findIndex((old) => isObject(old) && old[mergeKey] === entry[mergeKey]);
    if (entry['$patch'] === 'delete') {
      if (at >= 0) merged.splice(at, 1);
    } else if (at >= 0) merged[at] = strategicMergePatch(merged[at], entry);
    else merged.push(withoutDirectives(entry));
  }
  return merged;
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isObject(value)) return value;
  const plain = Object.entries(value).filter(([key]) => !key.startsWith('$'));
  return Object.fromEntries(plain.map(([key, item]) => [key, withoutDirectives(item)]));
}
