import { isObject } from './json.ts';

type Step =
  | { kind: 'field'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'all' }
  | { kind: 'filter'; path: string[]; equals: string };

const stepPattern =
  /\.?([A-Za-z_$][\w$-]*(?:\\\.[\w$-]+)*)|\[(\d+)\]|\[(\*)\]|\.(\*)|\['((?:[^'\\]|\\.)*)'\]|\[\?\(@\.([\w.]+)\s*==\s*['"]([^'"]*)['"]\)\]/y;

/** Compiled paths; there are as many as columns and selectable fields, so none is ever dropped. */
const compiled = new Map<string, Step[]>();

/**
 * Evaluates the JSON paths of printer columns and field selectors: fields, `[n]`, `[*]` and filters
 * like `[?(@.type=='Ready')]`. Returns all values found.
 */
export function jsonPath(value: unknown, path: string): unknown[] {
  let steps = compiled.get(path);
  if (steps === undefined) {
    steps = compile(path);
    compiled.set(path, steps);
  }
  let current: unknown[] = [value];
  for (const step of steps) current = current.flatMap((item) => follow(item, step));
  return current;
}

function compile(path: string): Step[] {
  const text = path.replace(/^\{/, '').replace(/\}$/, '').replace(/^\$/, '');
  const steps: Step[] = [];
  stepPattern.lastIndex = 0;
  while (stepPattern.lastIndex < text.length) {
    const at = stepPattern.lastIndex;
    const match = stepPattern.exec(text);
    if (match === null) throw new Error(`JSON path ${path}: cannot read ${text.slice(at)}`);
    steps.push(toStep(match));
  }
  return steps;
}

function toStep(match: RegExpExecArray): Step {
  const [, field, index, all, dotAll, quoted, filterPath, filterValue] = match;
  if (field !== undefined) return { kind: 'field', name: field.replaceAll('\\.', '.') };
  if (index !== undefined) return { kind: 'index', index: Number(index) };
  if (all !== undefined || dotAll !== undefined) return { kind: 'all' };
  if (quoted !== undefined) return { kind: 'field', name: quoted.replaceAll('\\', '') };
  return { kind: 'filter', path: (filterPath ?? '').split('.'), equals: filterValue ?? '' };
}

function follow(value: unknown, step: Step): unknown[] {
  switch (step.kind) {
    case 'field': {
      const found = isObject(value) ? value[step.name] : undefined;
      return found === undefined ? [] : [found];
    }
    case 'index': {
      const found: unknown = Array.isArray(value) ? value[step.index] : undefined;
      return found === undefined ? [] : [found];
    }
    case 'all':
      if (Array.isArray(value)) return value;
      return isObject(value) ? Object.values(value) : [];
    case 'filter':
      return Array.isArray(value) ? value.filter((item) => matches(item, step)) : [];
  }
}

function matches(item: unknown, filter: { path: string[]; equals: string }): boolean {
  let current: unknown = item;
  for (const name of filter.path) current = isObject(current) ? current[name] : undefined;
  return ['string', 'number', 'boolean'].includes(typeof current)
    ? `${current as string | number | boolean}` === filter.equals
    : false;
}
