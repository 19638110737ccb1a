import type { StatusCause } from '../ApiError.ts';
import { invalidAt, notSupported, required } from '../causes.ts';
import { listKeys } from '../field-management/structure.ts';
import { isObject, jsonEqual, type JsonObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';
import { earlierField, earlierItems } from './earlierValue.ts';
import { fieldSchema } from './pruneUnknown.ts';
import { numberCauses, stringCauses } from './scalarCauses.ts';

/**
 * Everything in which a value breaks its schema, in the words of k8s.io/kube-openapi's validation. What is as it was
 * in `before`, the value that it replaces, is let pass (ratcheting: k8s.io/apiextensions-apiserver,
 * pkg/apiserver/validation/ratcheting.go): a schema that became stricter stands in nobody's way elsewhere.
 */
export function schemaCauses(schema: JsonSchema, value: unknown, before?: unknown): StatusCause[] {
  const causes: StatusCause[] = [];
  checkChange(schema, value, before, '', causes);
  return causes;
}

function checkChange(
  schema: JsonSchema,
  value: unknown,
  before: unknown,
  path: string,
  causes: StatusCause[],
): void {
  const known = causes.length;
  check(schema, value, before, path, causes);
  const isBroken = causes.length > known;
  if (isBroken && before !== undefined && jsonEqual(value, before)) causes.length = known;
}

function check(
  schema: JsonSchema,
  value: unknown,
  before: unknown,
  path: string,
  causes: StatusCause[],
): void {
  if (value === null && schema.nullable === true) return;
  const typeProblem = typeCause(schema, value, path);
  if (typeProblem !== undefined) {
    causes.push(typeProblem);
    return;
  }
  if (schema.enum !== undefined && !schema.enum.some((allowed) => jsonEqual(allowed, value))) {
    causes.push(notSupported(path, value, schema.enum));
  }
  if (typeof value === 'number') causes.push(...numberCauses(schema, value, path));
  else if (typeof value === 'string') causes.push(...stringCauses(schema, value, path));
  else if (Array.isArray(value)) checkList(schema, value, before, path, causes);
  else if (isObject(value)) checkObject(schema, value, before, path, causes);
  checkCombinations(schema, value, path, causes);
}

function checkList(
  schema: JsonSchema,
  list: readonly unknown[],
  before: unknown,
  path: string,
  causes: StatusCause[],
): void {
  const { items, minItems, maxItems } = schema;
  if (maxItems !== undefined && list.length > maxItems) {
    causes.push(tooMany(list.length, maxItems, path));
  }
  if (minItems !== undefined && list.length < minItems) {
    causes.push(
      invalidAt(path, list.length, `${path} in body should have at least ${minItems} items`),
    );
  }
  checkUnique(schema, list, path, causes);
  if (items === undefined) return;
  const previous = earlierItems(schema, before);
  list.forEach((item, index) => {
    checkChange(items, item, previous(item), `${path}[${index}]`, causes);
  });
}

/** Lists that are sets, or have keys, hold each entry once. */
function checkUnique(
  schema: JsonSchema,
  list: readonly unknown[],
  path: string,
  causes: StatusCause[],
): void {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return;
  const keys = listKeys(schema);
  const seen = new Set<string>();
  list.forEach((item, index) => {
    const identity =
      type === 'map' && isObject(item)
        ? JSON.stringify(Object.fromEntries(keys.map((key) => [key, item[key]])))
        : JSON.stringify(item);
    if (seen.has(identity)) {
      const message = `Duplicate value: ${identity}`;
      causes.push({ reason: 'FieldValueDuplicate', message, field: `${path}[${index}]` });
    }
    seen.add(identity);
  });
}

function checkObject(
  schema: JsonSchema,
  value: JsonObject,
  before: unknown,
  path: string,
  causes: StatusCause[],
): void {
  const { minProperties, maxProperties } = schema;
  const count = Object.keys(value).length;
  if (maxProperties !== undefined && count > maxProperties) {
    causes.push(tooMany(count, maxProperties, path));
  }
  if (minProperties !== undefined && count < minProperties) {
    const problem = `${path} in body should have at least ${minProperties} properties`;
    causes.push(invalidAt(path, count, problem));
  }
  const always = schema['x-kubernetes-embedded-resource'] ? ['apiVersion', 'kind'] : [];
  for (const name of [...always, ...(schema.required ?? [])]) {
    if (Object.hasOwn(value, name) && value[name] !== undefined && value[name] !== null) continue;
    const field = path === '' ? name : `${path}.${name}`;
    causes.push(required(field));
  }
  for (const [name, item] of Object.entries(value)) {
    const known = fieldSchema(schema, name);
    if (known === undefined || known === 'any' || item === null || item === undefined) continue;
    const at = path === '' ? name : `${path}.${name}`;
    checkChange(known, item, earlierField(before, name), at, causes);
  }
}

function checkCombinations(
  schema: JsonSchema,
  value: unknown,
  path: string,
  causes: StatusCause[],
): void {
  const { allOf, anyOf, oneOf, not } = schema;
  if (!allOf && !anyOf && !oneOf && !not) return;
  const fits = (part: JsonSchema) => {
    const problems: StatusCause[] = [];
    check(part, value, undefined, path, problems);
    return problems.length === 0;
  };
  const refuse = (text: string) => {
    const problem = `${JSON.stringify(path)} must ${text}`;
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: "": ${problem}`,
      field: path,
    });
  };
  for (const part of allOf ?? []) check(part, value, undefined, path, causes);
  if (anyOf && !anyOf.some(fits)) refuse('validate at least one schema (anyOf)');
  const found = oneOf?.filter(fits).length;
  if (found !== undefined && found !== 1) {
    const how = found === 0 ? 'Found none valid' : `Found ${found} valid alternatives`;
    refuse(`validate one and only one schema (oneOf). ${how}`);
  }
  if (not && fits(not)) refuse('not validate the schema (not)');
}

function tooMany(count: number, limit: number, path: string): StatusCause {
  const message = `Too many: ${count}: must have at most ${limit} items`;
  return { reason: 'FieldValueTooMany', message, field: path };
}

function typeCause(schema: JsonSchema, value: unknown, path: string): StatusCause | undefined {
  const found = typeName(value);
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (found === 'integer' || found === 'string') return undefined;
    return wrongType('integer,string', found, path);
  }
  const wanted = schema.type;
  if (wanted === undefined || found === wanted) return undefined;
  if (wanted === 'number' && found === 'integer') return undefined;
  return wrongType(wanted, found, path);
}

function wrongType(wanted: string, found: string, path: string): StatusCause {
  const shown = JSON.stringify(found);
  const message = `Invalid value: ${shown}: ${path} in body must be of type ${wanted}: ${shown}`;
  return { reason: 'FieldValueTypeInvalid', message, field: path };
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
