import type { StatusCause } from '../ApiError.ts';
import { forbiddenAt, invalidAt, notSupported, required } from '../causes.ts';
import { compiledRules } from '../cel/compileRule.ts';
import { estimatedTurns, longestList } from '../cel/ruleCost.ts';
import type { JsonSchema, ValidationRule } from '../ResourceDefinition.ts';

const reasons = [
  'FieldValueDuplicate',
  'FieldValueForbidden',
  'FieldValueInvalid',
  'FieldValueRequired',
];

/** Turns of loops that a rule may take on the largest object, as the API server's `StaticEstimatedCostLimit`. */
const turnLimit = 10_000_000;

interface Place {
  readonly path: string;
  readonly isRoot: boolean;
  /** The list below which it is not known what a value was before; '' when there is none. */
  readonly unknownBefore: string;
  /** How many values of this schema an object can have. */
  readonly count: number;
}

/**
 * What is wrong with the rules in CEL of a schema (k8s.io/apiextensions-apiserver,
 * pkg/apis/apiextensions/validation/validation.go): what does not compile, does not give a bool, speaks of a state before
 * that cannot be known, or would take too long.
 */
export function ruleProblems(schema: JsonSchema, path: string): StatusCause[] {
  const causes: StatusCause[] = [];
  visit(schema, { path, isRoot: true, unknownBefore: '', count: 1 }, causes);
  return causes;
}

function visit(schema: JsonSchema, place: Place, causes: StatusCause[]): void {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length > 0) checkRules(schema, rules, place, causes);
  const { path, unknownBefore, count } = place;
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const at = { path: `${path}.properties[${name}]`, isRoot: false, unknownBefore, count };
    visit(field, at, causes);
  }
  const { items, additionalProperties, maxItems, maxProperties } = schema;
  if (items !== undefined) {
    const isKnown = schema['x-kubernetes-list-type'] === 'map';
    visit(
      items,
      {
        path: `${path}.items`,
        isRoot: false,
        unknownBefore: unknownBefore === '' && !isKnown ? path : unknownBefore,
        count: Math.min(count * (maxItems ?? longestList), longestList),
      },
      causes,
    );
  }
  if (typeof additionalProperties === 'object') {
    const most = Math.min(count * (maxProperties ?? longestList), longestList);
    const at = { path: `${path}.additionalProperties`, isRoot: false, unknownBefore, count: most };
    visit(additionalProperties, at, causes);
  }
}

function checkRules(
  schema: JsonSchema,
  rules: readonly ValidationRule[],
  { path, isRoot, unknownBefore, count }: Place,
  causes: StatusCause[],
): void {
  const compiled = compiledRules(schema, isRoot);
  rules.forEach((rule, index) => {
    const field = `${path}.x-kubernetes-validations[${index}]`;
    causes.push(...textCauses(schema, rule, field));
    const found = compiled.rules[index];
    if (found === undefined || rule.rule.trim() === '') return;
    if ('problem' in found) {
      const { field: name, text } = found.problem;
      causes.push(invalidAt(`${field}.${name}`, rule[name], text));
      return;
    }
    if (found.isTransition && unknownBefore !== '') {
      const problem = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${unknownBefore}`;
      causes.push(invalidAt(`${field}.rule`, rule.rule, problem));
    }
    if (rule.optionalOldSelf !== undefined && !found.isTransition) {
      const problem = 'may not be set if oldSelf is not used in rule';
      causes.push(invalidAt(`${field}.optionalOldSelf`, rule.optionalOldSelf, problem));
    }
    if (count * estimatedTurns(found.program.ast, schema) > turnLimit) {
      const problem =
        'estimated rule cost exceeds budget (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)';
      causes.push(forbiddenAt(`${field}.rule`, problem));
    }
  });
}

function textCauses(schema: JsonSchema, rule: ValidationRule, field: string): StatusCause[] {
  const { message, messageExpression, reason, fieldPath } = rule;
  const causes: StatusCause[] = [];
  if (rule.rule.trim() === '') causes.push(required(`${field}.rule`, 'rule is not specified'));
  if (message !== undefined && message !== '' && message.trim() === '') {
    const problem = 'message must be non-empty if specified';
    causes.push(invalidAt(`${field}.message`, message, problem));
  } else if (message !== undefined && /[\n\r]/.test(message.trim())) {
    causes.push(invalidAt(`${field}.message`, message, 'message must not contain line breaks'));
  } else if (/[\n\r]/.test(rule.rule.trim()) && (message ?? '') === '') {
    const problem = 'message must be specified if rule contains line breaks';
    causes.push(required(`${field}.message`, problem));
  }
  if (
    messageExpression !== undefined &&
    messageExpression !== '' &&
    messageExpression.trim() === ''
  ) {
    causes.push(required(`${field}.messageExpression`, 'must be non-empty if specified'));
  }
  if (reason !== undefined && !reasons.includes(reason)) {
    causes.push(notSupported(`${field}.reason`, reason, reasons));
  }
  if (fieldPath !== undefined && fieldPath !== '' && !isFieldPath(schema, fieldPath)) {
    const problem = 'fieldPath must be a valid path to a field of the schema';
    causes.push(invalidAt(`${field}.fieldPath`, fieldPath, problem));
  }
  return causes;
}

/** `.spec.name`, `.labels['example.com/a']`: below objects only, as lists have no fields. */
function isFieldPath(schema: JsonSchema, path: string): boolean {
  const steps = [...path.matchAll(/\.([A-Za-z_]\w*)|\['([^']+)'\]/gy)];
  if (steps.map(([text]) => text).join('') !== path) return false;
  let at: JsonSchema = schema;
  for (const [, plain, quoted] of steps) {
    const name = plain ?? quoted ?? '';
    const child: JsonSchema | boolean | undefined =
      at.properties?.[name] ?? at.additionalProperties;
    if (typeof child !== 'object') return false;
    at = child;
  }
  return true;
}
