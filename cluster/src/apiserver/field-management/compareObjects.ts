import { jsonEqual } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';
import { fieldElement, type FieldSet, type FieldSetDraft } from './FieldSet.ts';
import { childrenOf, schemaOfField, structureOf } from './structure.ts';

export interface Comparison {
  /** Paths that are new or have another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

/** What differs between two states of an object, by paths that somebody can own. */
export function compareObjects(
  schema: JsonSchema | undefined,
  before: object,
  after: object,
): Comparison {
  const changed: FieldSetDraft = {};
  const removed: FieldSetDraft = {};
  const fieldsBefore = Object.entries(before);
  const fieldsAfter = new Map<string, unknown>(Object.entries(after));
  const none = undefined;
  for (const [name, value] of fieldsBefore) {
    const next = fieldsAfter.get(name);
    fieldsAfter.delete(name);
    compareAt(schemaOfField(schema, name), fieldElement(name), value, next, { changed, removed });
  }
  for (const [name, value] of fieldsAfter) {
    compareAt(schemaOfField(schema, name), fieldElement(name), none, value, { changed, removed });
  }
  return { changed, removed };
}

interface Drafts {
  readonly changed: FieldSetDraft;
  readonly removed: FieldSetDraft;
}

function compareAt(
  schema: JsonSchema | undefined,
  element: string,
  before: unknown,
  after: unknown,
  { changed, removed }: Drafts,
): void {
  if (before === after) return;
  if (after === undefined) removed[element] = allBelow(schema, before);
  else if (before === undefined) changed[element] = allBelow(schema, after);
  else {
    const below: Drafts = { changed: {}, removed: {} };
    const differs = compareValues(schema, before, after, below);
    if (differs) changed[element] = {};
    if (Object.keys(below.changed).length > 0) changed[element] = below.changed;
    if (Object.keys(below.removed).length > 0) removed[element] = below.removed;
  }
}

/** True when the value as a whole differs; what differs within goes into the drafts. */
function compareValues(
  schema: JsonSchema | undefined,
  before: unknown,
  after: unknown,
  drafts: Drafts,
): boolean {
  const old = structureOf(schema, before);
  const now = structureOf(schema, after);
  if (old.kind === 'whole' || now.kind === 'whole' || old.kind !== now.kind) {
    return !jsonEqual(before, after);
  }
  if (old.kind === 'map' && now.kind === 'map') {
    for (const [name, value] of Object.entries(old.fields)) {
      const next = now.fields[name];
      if (value === next) continue;
      compareAt(schemaOfField(schema, name), fieldElement(name), value, next, drafts);
    }
    for (const [name, value] of Object.entries(now.fields)) {
      if (old.fields[name] !== undefined || value === undefined) continue;
      compareAt(schemaOfField(schema, name), fieldElement(name), undefined, value, drafts);
    }
    return false;
  }
  const entries = childrenOf(schema, old);
  for (const [element, { value }] of childrenOf(schema, now)) {
    compareAt(schema?.items, element, entries.get(element)?.value, value, drafts);
    entries.delete(element);
  }
  for (const [element, { value }] of entries) {
    compareAt(schema?.items, element, value, undefined, drafts);
  }
  return false;
}

/** A value that came or went as a whole: its own path and all below. */
function allBelow(schema: JsonSchema | undefined, value: unknown): FieldSetDraft {
  const node: FieldSetDraft = {};
  for (const [element, child] of childrenOf(schema, structureOf(schema, value))) {
    node['.'] = {};
    node[element] = allBelow(child.schema, child.value);
  }
  return node;
}
