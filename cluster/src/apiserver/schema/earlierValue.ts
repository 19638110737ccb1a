import { listKeys } from '../field-management/structure.ts';
import { isObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';

/**
 * What an item of a list was in `before`, the list that it replaces. Items of a list with keys are known again; of any
 * other list it is not known what an item was (k8s.io/apiserver, pkg/cel/common/equality.go).
 */
export function earlierItems(schema: JsonSchema, before: unknown): (item: unknown) => unknown {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(before)) return () => undefined;
  const keys = listKeys(schema);
  const keyOf = (item: unknown) =>
    JSON.stringify(keys.map((key) => (isObject(item) ? item[key] : undefined)));
  const byKey = new Map(before.map((item: unknown) => [keyOf(item), item]));
  return (item) => byKey.get(keyOf(item));
}

/** What a field was in `before`, the object that it replaces. */
export function earlierField(before: unknown, name: string): unknown {
  return isObject(before) && Object.hasOwn(before, name) ? before[name] : undefined;
}
