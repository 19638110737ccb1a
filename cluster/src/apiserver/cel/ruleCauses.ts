import { Optional } from '@marcbachmann/cel-js';
import type { StatusCause } from '../ApiError.ts';
import { isObject, jsonEqual } from '../json.ts';
import type { JsonSchema, ValidationRule } from '../ResourceDefinition.ts';
import { earlierItems, earlierField } from '../schema/earlierValue.ts';
import { compiledRules, type CompiledRule } from './compileRule.ts';

/** Of one rule, as the API server's `PerCallLimit`: turns of the loops in it. */
const turnLimit = 1_000_000;

/**
 * What an object breaks of its schema's rules in CEL (k8s.io/apiextensions-apiserver, pkg/apiserver/schema/cel).
 * `before` is the object that it replaces, undefined for a new one.
 */
export function ruleCauses(schema: JsonSchema, object: unknown, before?: unknown): StatusCause[] {
  const causes: StatusCause[] = [];
  if (hasRules(schema)) visit(schema, object, before, '', causes);
  return causes;
}

const withRules = new WeakMap<JsonSchema, boolean>();

/** Are there rules anywhere in the schema? Schemas are never changed. */
function hasRules(schema: JsonSchema): boolean {
  let known = withRules.get(schema);
  if (known === undefined) {
    const { properties = {}, items, additionalProperties } = schema;
    const below = [...Object.values(properties), items, additionalProperties];
    known =
      (schema['x-kubernetes-validations'] ?? []).length > 0 ||
      below.some((child) => typeof child === 'object' && hasRules(child));
    withRules.set(schema, known);
  }
  return known;
}

function visit(
  schema: JsonSchema,
  value: unknown,
  before: unknown,
  path: string,
  causes: StatusCause[],
): void {
  if (!hasRules(schema) || value === undefined || value === null) return;
  evaluateRules(schema, value, before ?? undefined, path, causes);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    const previous = earlierItems(schema, before);
    value.forEach((item: unknown, index) => {
      visit(items, item, previous(item), `${path}[${index}]`, causes);
    });
  } else if (isObject(value)) {
    const { properties = {}, additionalProperties } = schema;
    for (const [name, field] of Object.entries(value)) {
      const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      if (typeof known !== 'object') continue;
      const at = Object.hasOwn(properties, name) ? `${path}.${name}` : `${path}[${name}]`;
      visit(known, field, earlierField(before, name), path === '' ? name : at, causes);
    }
  }
}

function evaluateRules(
  schema: JsonSchema,
  value: unknown,
  before: unknown,
  path: string,
  causes: StatusCause[],
): void {
  const { self, rules } = compiledRules(schema, path === '');
  if (rules.length === 0) return;
  const current = self.toCel(value);
  const earlier = before === undefined ? undefined : self.toCel(before);
  const isUnchanged = before !== undefined && jsonEqual(value, before);
  for (const compiled of rules) {
    // What does not compile was refused with its definition, unless that is older than this release.
    if ('problem' in compiled) {
      causes.push(toCause(schema, path, {}, compiled.problem.text));
      continue;
    }
    const { rule, isTransition } = compiled;
    // What was there before the rule stays allowed; rules of changes hold always.
    if (isUnchanged && !isTransition) continue;
    if (isTransition && earlier === undefined && rule.optionalOldSelf !== true) continue;
    const oldSelf =
      rule.optionalOldSelf !== true
        ? earlier
        : earlier === undefined
          ? Optional.none()
          : Optional.of(earlier);
    const longest = (compiled.splitsTexts ? longestOf : longestList)([value, before]);
    if (longest ** compiled.loops > turnLimit) {
      const text =
        'validation failed due to running out of cost budget, no further validation rules will be run';
      causes.push(toCause(schema, path, {}, text));
      return;
    }
    const context = { self: current, ...(oldSelf === undefined ? {} : { oldSelf }) };
    const problem = evaluate(compiled, context);
    if (problem !== undefined) causes.push(toCause(schema, path, rule, problem));
  }
}

/** What is wrong, in the words of the rule; undefined when it holds. */
function evaluate({ rule, program, message }: CompiledRule, context: object): string | undefined {
  const usual = rule.message?.trim() || `failed rule: ${rule.rule.trim()}`;
  try {
    if (program({ ...context }) === true) return undefined;
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
    return `${why} evaluating rule: ${usual}`;
  }
  if (message === undefined) return usual;
  try {
    const text: unknown = message({ ...context });
    // An expression that gives nothing to show falls back, as one that fails.
    if (typeof text === 'string' && text.trim() !== '' && !text.includes('\n')) return text.trim();
    return usual;
  } catch {
    return usual;
  }
}

function toCause(
  schema: JsonSchema,
  path: string,
  { reason = 'FieldValueInvalid', fieldPath = '' }: Partial<ValidationRule>,
  text: string,
): StatusCause {
  const field = `${path}${fieldPath}`.replace(/^\./, '');
  const shown = JSON.stringify(schema.type ?? 'object');
  switch (reason) {
    case 'FieldValueForbidden':
      return { reason, message: `Forbidden: ${text}`, field };
    case 'FieldValueRequired':
      return { reason, message: `Required value: ${text}`, field };
    case 'FieldValueDuplicate':
      return { reason, message: `Duplicate value: ${shown}`, field };
    default:
      return { reason: 'FieldValueInvalid', message: `Invalid value: ${shown}: ${text}`, field };
  }
}

/** The length of the longest list or map in a value. */
function longestList(value: unknown): number {
  return longestOf(value, false);
}

/** The length of the longest list, map or text in a value: no loop of a rule takes more turns. */
function longestOf(value: unknown, withTexts = true): number {
  if (typeof value === 'string') return withTexts ? value.length : 0;
  if (typeof value !== 'object' || value === null) return 0;
  const below = Object.values(value);
  return below.reduce<number>(
    (most, item) => Math.max(most, longestOf(item, withTexts)),
    below.length,
  );
}
