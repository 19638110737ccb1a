import { badRequest } from './ApiError.ts';
import { jsonPath } from './jsonPath.ts';
import type { AnyObject, ResourceDefinition } from './ResourceDefinition.ts';

export type Matcher = (object: AnyObject) => boolean;

const labelKey = '[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?';
const existence = new RegExp(`^(!?)\\s*(${labelKey})$`);
const equality = new RegExp(`^(${labelKey})\\s*(=|==|!=)\\s*([-A-Za-z0-9_.]*)$`);
const membership = new RegExp(`^(${labelKey})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const comparison = new RegExp(`^(${labelKey})\\s*([<>])\\s*(-?\\d+)$`);

/**
 * Reads a label selector: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined by commas.
 * As in Kubernetes `!=` and `notin` also match objects without the label.
 */
export function labelMatcher(selector: string): Matcher {
  const tests = splitOutsideParentheses(selector).map(labelTest);
  return (object) => {
    const labels = object.metadata.labels ?? {};
    return tests.every((test) => test(labels));
  };
}

type Labels = Readonly<Record<string, string>>;

function labelTest(requirement: string): (labels: Labels) => boolean {
  const exists = existence.exec(requirement);
  if (exists !== null) {
    const [, not, key = ''] = exists;
    return (labels) => (labels[key] !== undefined) === (not !== '!');
  }
  const equals = equality.exec(requirement);
  if (equals !== null) {
    const [, key = '', , operator, value = ''] = equals;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  const member = membership.exec(requirement);
  if (member !== null) {
    const [, key = '', , operator, list = ''] = member;
    const values = new Set(list.split(',').map((value) => value.trim()));
    return (labels) => {
      const value = labels[key];
      return (value !== undefined && values.has(value)) === (operator === 'in');
    };
  }
  const compares = comparison.exec(requirement);
  if (compares !== null) {
    const [, key = '', , operator, number] = compares;
    return (labels) => {
      const difference = Number(labels[key]) - Number(number);
      return operator === '<' ? difference < 0 : difference > 0;
    };
  }
  throw badRequest(`unable to parse requirement: ${requirement} in the label selector`);
}

function splitOutsideParentheses(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Reads a field selector (`metadata.name=x,spec.nodeName!=y`) for one resource. */
export function fieldMatcher(selector: string, definition: ResourceDefinition): Matcher {
  const allowed = new Set([
    'metadata.name',
    ...(definition.namespaced ? ['metadata.namespace'] : []),
    ...(definition.selectableFields ?? []),
  ]);
  const tests = selector
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const match = /^\s*([^=!\s]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part);
      if (match === null) throw badRequest(`invalid selector: '${part}'; can't understand it`);
      const [, field = '', operator, value = ''] = match;
      if (!allowed.has(field)) throw badRequest(`field label not supported: ${field}`);
      const wanted = operator !== '!=';
      const source = definition.selectableValues?.[field] ?? field;
      return (object: AnyObject) => (fieldText(object, source) === value) === wanted;
    });
  return (object) => tests.every((test) => test(object));
}

function fieldText(
  object: AnyObject,
  source: string | ((object: AnyObject) => string | undefined),
): string {
  const [value] = typeof source === 'string' ? jsonPath(object, source) : [source(object)];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

/** Both selectors in one; undefined when there is nothing to select by. */
export function selectorMatcher(
  definition: ResourceDefinition,
  options: { labelSelector?: string | undefined; fieldSelector?: string | undefined },
): Matcher | undefined {
  const matchers: Matcher[] = [];
  if (options.labelSelector) matchers.push(labelMatcher(options.labelSelector));
  if (options.fieldSelector) matchers.push(fieldMatcher(options.fieldSelector, definition));
  if (matchers.length === 0) return undefined;
  return (object) => matchers.every((matcher) => matcher(object));
}
