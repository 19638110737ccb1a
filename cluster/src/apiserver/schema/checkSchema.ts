import { type ApiError, badRequest, invalid, type StatusCause } from '../ApiError.ts';
import type { Target } from '../ApiContext.ts';
import { ruleCauses } from '../cel/ruleCauses.ts';
import { cloneJson } from '../json.ts';
import { schemaOf, type AnyObject, type JsonSchema } from '../ResourceDefinition.ts';
import { applyDefaults } from './applyDefaults.ts';
import { metadataSchema, pruneUnknown } from './pruneUnknown.ts';
import { schemaCauses } from './schemaCauses.ts';

/** What happens to fields that the schema does not know: refused, warned of, or dropped silently. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** `apiVersion`, `kind` and `metadata` belong to every object and not to its schema. */
const common: Readonly<Record<string, JsonSchema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: metadataSchema,
};

/**
 * Prunes unknown fields from an object, fills in defaults and checks the rest by the resource's schema,
 * with the texts of the API server. `before` is what it replaces: what is
 * unchanged in a custom resource is let pass, and rules of changes need it. Without a schema everything
 * but unknown metadata passes.
 */
export function checkSchema(
  target: Target,
  object: AnyObject,
  before: AnyObject | undefined,
  fields: FieldValidation,
): void {
  const whole = wholeSchema(target);
  const unknown = pruneUnknown(whole, object).map((field) => `unknown field "${field}"`);
  reportFields(target, unknown, fields);
  const isBuiltin = target.resource.strategicMerge === true;
  // Go gives a built-in that comes without a spec an empty one.
  if (isBuiltin && whole.properties?.['spec'] !== undefined) object['spec'] ??= {};
  applyDefaults(whole, object);
  const causes = schemaCauses(whole, object, isBuiltin ? undefined : before);
  if (isBuiltin) {
    const undecoded = causes.filter(({ reason }) => reason !== 'FieldValueNotSupported');
    if (undecoded.length > 0) throw undecodable(target, undecoded);
  }
  const refused = isBuiltin ? causes.filter((cause) => !isZeroValue(cause)) : causes;
  // Rules may count on values of the right types.
  if (refused.length === 0) refused.push(...ruleCauses(whole, object, before));
  if (refused.length > 0) throw invalid(target.resource, object.metadata.name, refused);
}

/** An enumeration without a value is one that a client left out, to Go. */
function isZeroValue({ message }: StatusCause): boolean {
  return message.startsWith('Unsupported value: "":');
}

/** Refuses what a strict decoder would, or warns of it: `unknown field "spec.sails"`. */
export function reportFields(
  target: Target,
  texts: readonly string[],
  fields: FieldValidation,
): void {
  if (texts.length === 0 || fields === 'Ignore') return;
  if (fields === 'Strict') {
    throw badRequest(`${cannotHandle(target)}: strict decoding error: ${texts.join(', ')}`);
  }
  for (const text of texts) target.warn(text);
}

/** Built-ins are decoded into a structure of their own before anything looks at them. */
function undecodable(target: Target, [first]: StatusCause[]): ApiError {
  const { field = '', message = '' } = first ?? {};
  return badRequest(`${cannotHandle(target)}: ${field}: ${message}`);
}

function cannotHandle({ resource: { kind }, version }: Target): string {
  return `${kind} in version "${version}" cannot be handled as a ${kind}`;
}

/** The paths of what the schema does not know; the object is left as it is. */
export function unknownFields(target: Target, object: AnyObject): string[] {
  return pruneUnknown(wholeSchema(target), cloneJson(object));
}

const unknownSchema: JsonSchema = { 'x-kubernetes-preserve-unknown-fields': true };

/** By schema; schemas are never changed. */
const wholeSchemas = new WeakMap<JsonSchema, JsonSchema>();

function wholeSchema({ resource, version }: Target): JsonSchema {
  const schema = schemaOf(resource, version) ?? unknownSchema;
  let whole = wholeSchemas.get(schema);
  if (whole === undefined) {
    whole = { ...schema, properties: { ...schema.properties, ...common } };
    wholeSchemas.set(schema, whole);
  }
  return whole;
}
