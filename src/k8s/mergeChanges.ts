import { isRecord } from '~/k8s/isRecord';
import { keysOf, namesOf, sameJson } from '~/k8s/jsonPatch';

/** A place that two people changed in different ways; `undefined` where there is nothing. */
export type Conflict = {
  path: readonly string[];
  base: unknown;
  mine: unknown;
  theirs: unknown;
};

/** Stands for an element or key that is not there. */
type Values = { base: unknown; mine: unknown; theirs: unknown };

/**
 * Joins two changes of one object. Where only one side changed something, that is taken; where both
 * did, `merged` has mine and the place is among the conflicts. Elements of lists are told apart by
 * their names where they have such; other lists are one value.
 */
export function mergeChanges<T>(
  base: T,
  mine: T,
  theirs: T,
): { merged: T; conflicts: readonly Conflict[] } {
  const conflicts: Conflict[] = [];

  const merge = (values: Values, path: readonly string[]): unknown => {
    if (sameJson(values.mine, values.base)) return values.theirs;
    if (sameJson(values.theirs, values.base)) return values.mine;
    if (sameJson(values.mine, values.theirs)) return values.mine;
    return mergeLists(values, path) ?? mergeRecords(values, path) ?? refuse(values, path);
  };

  const refuse = (values: Values, path: readonly string[]): unknown => {
    conflicts.push({ path, ...values });
    return values.mine;
  };

  const mergeRecords = ({ base, mine, theirs }: Values, path: readonly string[]): unknown => {
    if (!isRecord(mine) || !isRecord(theirs)) return undefined;
    const old = isRecord(base) ? base : {};
    const merged: Record<string, unknown> = {};
    for (const key of keysOf(theirs, mine)) {
      const values = { base: old[key], mine: mine[key], theirs: theirs[key] };
      const value = merge(values, [...path, key]);
      if (value !== undefined) merged[key] = value;
    }
    return merged;
  };

  const mergeLists = ({ base, mine, theirs }: Values, path: readonly string[]): unknown => {
    const ours = byName(mine);
    const others = byName(theirs);
    const old = byName(base ?? []);
    if (!ours || !others || !old) return undefined;
    const merged: unknown[] = [];
    for (const name of orderOf([...old.keys()], [...ours.keys()], [...others.keys()])) {
      const values = { base: old.get(name), mine: ours.get(name), theirs: others.get(name) };
      const item = merge(values, [...path, name]);
      if (item !== undefined) merged.push(item);
    }
    return merged;
  };

  // The parse boundary: what is merged of three values of one type is of that type.
  return { merged: merge({ base, mine, theirs }, []) as T, conflicts };
}

function byName(list: unknown): Map<string, unknown> | undefined {
  if (!Array.isArray(list)) return undefined;
  const names = namesOf(list);
  return names && new Map(names.map((name, index) => [name, list[index]]));
}

/** The order of the side that changed it; mine, when both did. */
function orderOf(base: string[], mine: string[], theirs: string[]): string[] {
  const isMineAsBefore = sameJson(
    mine.filter((name) => base.includes(name)),
    base.filter((name) => mine.includes(name)),
  );
  return [...new Set(isMineAsBefore ? [...theirs, ...mine] : [...mine, ...theirs])];
}
