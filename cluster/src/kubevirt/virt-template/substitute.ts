import { isObject } from '../../apiserver/json.ts';

/** `${KEY}`, anywhere in a string. */
const inText = /\$\{([a-zA-Z0-9_]+)\}/g;
/** `${{KEY}}`, which is the whole string: the value is JSON and keeps its type. */
const asValue = /^\$\{\{([a-zA-Z0-9_]+)\}\}$/;

/** A parameter that is not defined, or a value that does not fit; the text is upstream's. */
export class SubstitutionError extends Error {}

/** The parameters that a text refers to. */
function referencesOf(text: string): string[] {
  const whole = asValue.exec(text)?.[1];
  if (whole !== undefined) return [whole];
  return [...text.matchAll(inText)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** The parameters that any string of a JSON value refers to, keys of objects included. */
export function collectReferences(value: unknown): Set<string> {
  if (typeof value === 'string') return new Set(referencesOf(value));
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...collectReferences(item)]));
  if (!isObject(value)) return new Set();
  return new Set(
    Object.entries(value).flatMap(([key, item]) => [
      ...referencesOf(key),
      ...collectReferences(item),
    ]),
  );
}

/** Whether a text refers to a parameter. */
export function isParametrised(text: string): boolean {
  return text.search(inText) >= 0;
}

/** A text with the values of its parameters. Throws a SubstitutionError. */
export function substituteText(text: string, values: ReadonlyMap<string, string>): string {
  // Upstream replaces in the text that was already replaced, the first occurrence each time.
  return [...text.matchAll(inText)].reduce(
    (now, [reference, name = '']) => now.replace(reference, () => valueOf(name, values)),
    text,
  );
}

function valueOf(name: string, values: ReadonlyMap<string, string>): string {
  const value = values.get(name);
  if (value !== undefined) return value;
  throw new SubstitutionError(`found parameter '${name}' but it was not defined`);
}

/**
 * A JSON value with the values of the parameters in place of the references; `${{KEY}}` may give a
 * number, a boolean or a structure. Throws a SubstitutionError.
 * (virt-template staging/…/virt-template-engine/template/template.go and visit.go, e5d8e40)
 */
export function substituteAll(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    const name = asValue.exec(value)?.[1];
    return name === undefined ? substituteText(value, values) : typed(valueOf(name, values));
  }
  if (Array.isArray(value)) return value.map((item) => substituteAll(item, values));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      substituteKey(key, values),
      substituteAll(item, values),
    ]),
  );
}

function typed(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Text that is no JSON is a string without its quotes.
    return text;
  }
  if (value === null) {
    throw new SubstitutionError('cannot assign nil value to target type interface {}');
  }
  return value;
}

function substituteKey(key: string, values: ReadonlyMap<string, string>): string {
  const name = asValue.exec(key)?.[1];
  if (name === undefined) return substituteText(key, values);
  const value = typed(valueOf(name, values));
  if (typeof value === 'string') return value;
  throw new SubstitutionError(
    `substituted value type ${typeof value} is not assignable to target type string`,
  );
}
