import { type JsonObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';
import { schemaOfField, structureOf, type ListEntry } from './structure.ts';

/** Lays an applied configuration over the live value. Neither is changed. */
export function mergeApplied(
  schema: JsonSchema | undefined,
  live: unknown,
  applied: unknown,
): unknown {
  if (live === undefined) return applied;
  const old = structureOf(schema, live);
  const now = structureOf(schema, applied);
  if (old.kind === 'map' && now.kind === 'map') {
    const merged: JsonObject = { ...old.fields };
    for (const [name, value] of Object.entries(now.fields)) {
      merged[name] = mergeApplied(schemaOfField(schema, name), merged[name], value);
    }
    return merged;
  }
  if (old.kind === 'list' && now.kind === 'list') {
    return mergeEntries(schema?.items, old.entries, now.entries);
  }
  return applied;
}

/** The order is the applied one; entries that only the live list has come as early as they stood. */
function mergeEntries(
  schema: JsonSchema | undefined,
  live: readonly ListEntry[],
  applied: readonly ListEntry[],
): unknown[] {
  const places = new Map(live.map(({ element }, index) => [element, index]));
  const claimed = new Set(applied.map(({ element }) => element));
  const merged: unknown[] = [];
  let position = 0;
  const keepUntil = (end: number) => {
    for (; position < end; position += 1) {
      const entry = live[position];
      if (entry !== undefined && !claimed.has(entry.element)) merged.push(entry.value);
    }
  };
  const nextClaimed = () => {
    const index = live.findIndex((one, at) => at >= position && claimed.has(one.element));
    return index < 0 ? live.length : index;
  };
  for (const { element, value } of applied) {
    const place = places.get(element);
    if (place === undefined) {
      keepUntil(nextClaimed());
      merged.push(value);
    } else {
      keepUntil(place);
      position = Math.max(position, place + 1);
      merged.push(mergeApplied(schema, live[place]?.value, value));
    }
  }
  keepUntil(live.length);
  return merged;
}
