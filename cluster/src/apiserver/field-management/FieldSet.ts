import type { JsonObject } from '../json.ts';

/**
 * A set of field paths in the form of `fieldsV1`: a tree whose keys are path elements. `f:<name>` is a
 * field, `k:{…}` the entry of a list with these key values, `v:<json>` a value of a set. A node that
 * is empty or holds `.` stands for itself; any other node only for what is below it. Never changed
 * once it is made, so that parts are shared.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

export const emptySet: FieldSet = {};

/** A field set that is being made. */
export type FieldSetDraft = { [element: string]: FieldSetDraft };

const self = '.';

export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Does the node stand for its own path, not only for what is below it? */
export function isMember(node: FieldSet): boolean {
  return isEmptySet(node) || Object.hasOwn(node, self);
}

/** The path elements below a node. */
export function elementsOf(node: FieldSet): string[] {
  return Object.keys(node).filter((element) => element !== self);
}

/** The node of one element; undefined when the set has nothing there. */
export function childOf(node: FieldSet | undefined, element: string): FieldSet | undefined {
  return node !== undefined && Object.hasOwn(node, element) ? node[element] : undefined;
}

/** All paths of both. Returns `a` itself when it holds all of `b`. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  return isEmptySet(a) ? b : isEmptySet(b) ? a : joinChildren(a, b, false);
}

function joinNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  return joinChildren(a, b, isMember(a) || isMember(b));
}

function joinChildren(a: FieldSet, b: FieldSet, member: boolean): FieldSet {
  let joined: FieldSetDraft | undefined;
  const set = (element: string, node: FieldSet) => {
    joined ??= { ...a };
    joined[element] = node;
  };
  for (const element of elementsOf(b)) {
    const mine = childOf(a, element);
    const theirs = childOf(b, element) ?? emptySet;
    const node = mine === undefined ? theirs : joinNodes(mine, theirs);
    if (node !== mine) set(element, node);
  }
  const whole = joined ?? a;
  if (!member || isMember(whole) || isEmptySet(whole)) return whole;
  return { [self]: emptySet, ...whole };
}

/** The paths of `a` that are not in `b`. Returns `a` itself when they share none. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return subtractChildren(a, b, false) ?? emptySet;
}

function subtractChildren(a: FieldSet, b: FieldSet, member: boolean): FieldSet | undefined {
  let left: FieldSetDraft | undefined;
  for (const element of elementsOf(a)) {
    const mine = childOf(a, element) ?? emptySet;
    const theirs = childOf(b, element);
    if (theirs === undefined) continue;
    const node = subtractChildren(mine, theirs, isMember(mine) && !isMember(theirs));
    if (node === mine) continue;
    left ??= { ...a };
    if (node === undefined) Reflect.deleteProperty(left, element);
    else left[element] = node;
  }
  const whole: FieldSet = left ?? a;
  if (member === isMember(whole) && !(isEmptySet(whole) && !member)) return whole;
  const rest: FieldSetDraft = { ...whole };
  Reflect.deleteProperty(rest, self);
  if (isEmptySet(rest)) return member ? emptySet : undefined;
  return member ? { [self]: emptySet, ...rest } : rest;
}

/** The paths that are in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const common: FieldSetDraft = {};
  for (const element of elementsOf(a)) {
    const mine = childOf(a, element);
    const theirs = childOf(b, element);
    if (mine === undefined || theirs === undefined) continue;
    const below = intersection(mine, theirs);
    const both = isMember(mine) && isMember(theirs);
    if (isEmptySet(below) && !both) continue;
    common[element] = both && !isEmptySet(below) ? { [self]: emptySet, ...below } : { ...below };
  }
  return common;
}

/** Every path as Kubernetes writes it: `.spec.containers[name="web"].image`. */
export function pathTexts(set: FieldSet): string[] {
  const texts: string[] = [];
  const walk = (node: FieldSet, path: string) => {
    for (const element of elementsOf(node)) {
      const child = childOf(node, element) ?? emptySet;
      const at = path + elementText(element);
      if (isMember(child)) texts.push(at);
      walk(child, at);
    }
  };
  walk(set, '');
  return texts;
}

function elementText(element: string): string {
  const rest = element.slice(2);
  switch (element.slice(0, 2)) {
    case 'f:':
      return `.${rest}`;
    case 'v:':
      return `[=${rest}]`;
    case 'k:': {
      const keys = Object.entries(JSON.parse(rest) as JsonObject);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    }
    default:
      return `[${rest}]`;
  }
}

export function fieldElement(name: string): string {
  return `f:${name}`;
}

/** The element for an entry of a list with keys; their names are sorted. */
export function entryElement(keys: Readonly<Record<string, unknown>>): string {
  return `k:${JSON.stringify(keys)}`;
}

export function valueElement(value: unknown): string {
  return `v:${JSON.stringify(value)}`;
}
