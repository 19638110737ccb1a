import { isObject } from './json.ts';

type Step =
  | { kind: 'field'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'all' }
  | { kind: 'filter'; path: string[]; operator: string; value: string };

/** A field, `[n]` or `[-1:]`, `[*]`, `.*`, `['field']`, or a filter `[?(@.type=="Ready")]`. */
const stepPattern =
  /\.?([A-Za-z_$][\w$-]*(?:\\\.[\w$/-]+)*)|\[(-?\d+):?\]|\[(\*)\]|\.(\*)|\[["']((?:[^'"\\]|\\.)*)["']\]|\[\?\(\s*@\.([\w.-]+)\s*(==|!=)\s*(['"]?)([^'")]*)\8\s*\)\]/y;

/** Compiled paths; there are as many as columns and selectable fields, so none is ever dropped. */
const compiled = new Map<string, Step[] | undefined>();

/**
 * Evaluates the JSON paths of printer columns and field selectors: fields, `[n]`, `[*]` and filters
 * like `[?(@.type=='Ready')]`. Returns all values found; none for a path that cannot be read.
 */
export function jsonPath(value: unknown, path: string): unknown[] {
  let current: unknown[] = [value];
  for (const step of stepsOf(path) ?? []) current = current.flatMap((item) => follow(item, step));
  return stepsOf(path) === undefined ? [] : current;
}

/** Can the path be evaluated? */
export function isJsonPath(path: string): boolean {
  return stepsOf(path) !== undefined;
}

function stepsOf(path: string): Step[] | undefined {
  if (!compiled.has(path)) compiled.set(path, compile(path));
  return compiled.get(path);
}

function compile(path: string): Step[] | undefined {
  const text = path.replace(/^\{/, '').replace(/\}$/, '').replace(/^\$/, '');
  const steps: Step[] = [];
  stepPattern.lastIndex = 0;
  while (stepPattern.lastIndex < text.length) {
    const match = stepPattern.exec(text);
    if (match === null) return undefined;
    steps.push(toStep(match));
  }
  return steps;
}

function toStep(match: RegExpExecArray): Step {
  const [, field, index, all, dotAll, quoted, filterPath, operator, , value] = match;
  if (field !== undefined) return { kind: 'field', name: field.replaceAll('\\.', '.') };
  if (index !== undefined) return { kind: 'index', index: Number(index) };
  if (all !== undefined || dotAll !== undefined) return { kind: 'all' };
  if (quoted !== undefined) return { kind: 'field', name: quoted.replaceAll('\\', '') };
  return {
    kind: 'filter',
    path: (filterPath ?? '').split('.'),
    operator: operator ?? '==',
    value: value ?? '',
  };
}

function follow(value: unknown, step: Step): unknown[] {
  switch (step.kind) {
    case 'field': {
      const found = own(value, step.name);
      return found === undefined ? [] : [found];
    }
    case 'index': {
      const found: unknown = Array.isArray(value) ? value.at(step.index) : undefined;
      return found === undefined ? [] : [found];
    }
    case 'all':
      if (Array.isArray(value)) return value;
      return isObject(value) ? Object.values(value) : [];
    case 'filter':
      return Array.isArray(value) ? value.filter((item) => matches(item, step)) : [];
  }
}

function own(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function matches(item: unknown, filter: Extract<Step, { kind: 'filter' }>): boolean {
  let current: unknown = item;
  for (const name of filter.path) current = own(current, name);
  const isPlain = ['string', 'number', 'boolean'].includes(typeof current);
  const equal = isPlain && String(current) === filter.value;
  return filter.operator === '==' ? equal : isPlain && !equal;
}
