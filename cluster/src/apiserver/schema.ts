import { type ApiError, badRequest, invalid, type StatusCause } from './ApiError.ts';
import type { Target } from './ApiContext.ts';
import { isObject } from './json.ts';
import { schemaOf, type AnyObject, type JsonSchema } from './ResourceDefinition.ts';

/** What happens to fields that the schema does not know: refused, warned of, or dropped silently. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** `apiVersion`, `kind` and `metadata` belong to every object and not to its schema. */
const common: Readonly<Record<string, JsonSchema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { 'x-kubernetes-preserve-unknown-fields': true },
};

/**
 * Prunes unknown fields from an object and checks the rest by the resource's schema, with the texts
 * of the API server. Without a schema everything passes.
 */
export function checkSchema(target: Target, object: AnyObject, fields: FieldValidation): void {
  const whole = wholeSchema(target);
  if (whole === undefined) return;
  const unknown = prune(whole, object, '');
  if (unknown.length > 0 && fields === 'Strict') {
    const text = unknown.map((field) => `unknown field "${field}"`).join(', ');
    throw badRequest(`strict decoding error: ${text}`);
  }
  if (fields === 'Warn') for (const field of unknown) target.warn(`unknown field "${field}"`);
  const causes: StatusCause[] = [];
  check(whole, object, '', causes);
  if (causes.length === 0) return;
  if (target.resource.strategicMerge === true) throw undecodable(target, causes);
  throw invalid(target.resource, object.metadata.name, causes);
}

/** Built-ins are decoded into a structure of their own before anything looks at them. */
function undecodable({ resource: { kind }, version }: Target, [first]: StatusCause[]): ApiError {
  const { field = '', message = '' } = first ?? {};
  return badRequest(
    `${kind} in version "${version}" cannot be handled as a ${kind}: ${field}: ${message}`,
  );
}

/** The paths of what the schema does not know; the object is left as it is. */
export function unknownFields(target: Target, object: AnyObject): string[] {
  const whole = wholeSchema(target);
  return whole === undefined ? [] : prune(whole, structuredClone(object), '');
}

function wholeSchema({ resource, version }: Target): JsonSchema | undefined {
  const schema = schemaOf(resource, version);
  return schema && { ...schema, properties: { ...schema.properties, ...common } };
}

/** Removes what the schema does not know and returns the paths of it. */
function prune(schema: JsonSchema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return [];
    return value.flatMap((item, index) => prune(items, item, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  const unknown: string[] = [];
  for (const [name, field] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    const known = fieldSchema(schema, name);
    if (known === 'any') continue;
    if (known === undefined) {
      unknown.push(at);
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- pruning is deletion by name
      delete value[name];
    } else unknown.push(...prune(known, field, at));
  }
  return unknown;
}

function fieldSchema(schema: JsonSchema, name: string): JsonSchema | 'any' | undefined {
  const known = schema.properties?.[name];
  if (known !== undefined) return known;
  const { additionalProperties } = schema;
  if (typeof additionalProperties === 'object') return additionalProperties;
  if (additionalProperties === true) return 'any';
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return 'any';
  return schema.properties === undefined && schema.type !== 'object' ? 'any' : undefined;
}

function check(schema: JsonSchema, value: unknown, path: string, causes: StatusCause[]): void {
  const typeProblem = typeCause(schema, value, path);
  if (typeProblem !== undefined) {
    causes.push(typeProblem);
    return;
  }
  if (schema.enum !== undefined && !schema.enum.some((allowed) => allowed === value)) {
    const allowed = schema.enum.map((item) => JSON.stringify(item)).join(', ');
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${allowed}`;
    causes.push({ reason: 'FieldValueNotSupported', message, field: path });
  }
  if (typeof value === 'number') checkNumber(schema, value, path, causes);
  if (typeof value === 'string') checkString(schema, value, path, causes);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items !== undefined) {
      value.forEach((item, index) => {
        check(items, item, `${path}[${index}]`, causes);
      });
    }
  } else if (isObject(value)) {
    for (const name of schema.required ?? []) {
      if (value[name] !== undefined && value[name] !== null) continue;
      const field = path === '' ? name : `${path}.${name}`;
      causes.push({ reason: 'FieldValueRequired', message: 'Required value', field });
    }
    for (const [name, item] of Object.entries(value)) {
      const known = fieldSchema(schema, name);
      if (known === undefined || known === 'any' || item === null || item === undefined) continue;
      check(known, item, path === '' ? name : `${path}.${name}`, causes);
    }
  }
}

function checkNumber(schema: JsonSchema, value: number, path: string, causes: StatusCause[]): void {
  const bounds = [
    {
      broken: schema.minimum !== undefined && value < schema.minimum,
      text: 'greater',
      limit: schema.minimum,
    },
    {
      broken: schema.maximum !== undefined && value > schema.maximum,
      text: 'less',
      limit: schema.maximum,
    },
  ];
  for (const { broken, text, limit } of bounds) {
    if (!broken) continue;
    const message = `Invalid value: ${value}: ${path} in body should be ${text} than or equal to ${String(limit)}`;
    causes.push({ reason: 'FieldValueInvalid', message, field: path });
  }
}

function checkString(schema: JsonSchema, value: string, path: string, causes: StatusCause[]): void {
  const shown = JSON.stringify(value);
  if (schema.minLength !== undefined && value.length < schema.minLength) {
    const message = `Invalid value: ${shown}: ${path} in body should be at least ${schema.minLength} chars long`;
    causes.push({ reason: 'FieldValueInvalid', message, field: path });
  }
  if (schema.pattern !== undefined && !expression(schema.pattern).test(value)) {
    const message = `Invalid value: ${shown}: ${path} in body should match '${schema.pattern}'`;
    causes.push({ reason: 'FieldValueInvalid', message, field: path });
  }
}

const expressions = new Map<string, RegExp>();

/** Patterns come from schemas, so that there are few of them. */
function expression(pattern: string): RegExp {
  const known = expressions.get(pattern) ?? new RegExp(pattern);
  expressions.set(pattern, known);
  return known;
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
