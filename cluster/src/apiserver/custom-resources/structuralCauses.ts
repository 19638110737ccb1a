import type { StatusCause } from '../ApiError.ts';
import { forbiddenAt, invalidAt, notSupported, required } from '../causes.ts';
import { isObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';
import { pruneUnknown } from '../schema/pruneUnknown.ts';
import { expression } from '../schema/scalarCauses.ts';
import { schemaCauses } from '../schema/schemaCauses.ts';

const types = ['object', 'array', 'string', 'integer', 'number', 'boolean'];

/** Keywords of JSON schema that a structural schema has not. */
const unsupported = [
  '$ref',
  '$schema',
  'id',
  'definitions',
  'dependencies',
  'patternProperties',
  'additionalItems',
];

/** Keywords that say what an object is, which only the structure itself may, not allOf and the like. */
const structureOnly = [
  'type',
  'default',
  'description',
  'title',
  'additionalProperties',
  'nullable',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
];

/**
 * What keeps a schema from being structural (k8s.io/apiextensions-apiserver,
 * pkg/apiserver/schema/validation.go). `path` names the schema, e.g.
 * `spec.versions[0].schema.openAPIV3Schema`.
 */
export function structuralCauses(schema: JsonSchema, path: string): StatusCause[] {
  const causes = shapeCauses(schema, path);
  if (causes.length > 0) return causes;
  if (schema.type !== undefined && schema.type !== 'object') {
    causes.push(invalidAt(`${path}.type`, schema.type, 'must be object at the root'));
  }
  checkMetadata(schema, path, causes);
  checkNode(schema, path, 'root', causes);
  return causes;
}

/** Schemas within a schema come as anything: what is not one is told before anyone looks into it. */
function shapeCauses(schema: unknown, path: string): StatusCause[] {
  if (!isObject(schema)) return [invalidAt(path, schema, 'must be a schema')];
  const {
    properties,
    items,
    additionalProperties,
    allOf,
    anyOf,
    oneOf,
    not,
    required: names,
  } = schema;
  const causes: StatusCause[] = [];
  if (properties !== undefined && !isObject(properties)) {
    causes.push(invalidAt(`${path}.properties`, properties, 'must be an object'));
  } else {
    for (const [name, field] of Object.entries(properties ?? {})) {
      causes.push(...shapeCauses(field, `${path}.properties[${name}]`));
    }
  }
  const keys = schema['x-kubernetes-list-map-keys'];
  for (const [field, list] of Object.entries({
    allOf,
    anyOf,
    oneOf,
    enum: schema['enum'],
    required: names,
    keys,
  })) {
    if (list === undefined || Array.isArray(list)) continue;
    causes.push(invalidAt(`${path}.${field}`, list, 'must be a list'));
  }
  for (const [field, list] of Object.entries({ allOf, anyOf, oneOf })) {
    if (!Array.isArray(list)) continue;
    list.forEach((part, index) => causes.push(...shapeCauses(part, `${path}.${field}[${index}]`)));
  }
  for (const [field, part] of Object.entries({ items, not })) {
    if (part !== undefined) causes.push(...shapeCauses(part, `${path}.${field}`));
  }
  if (additionalProperties !== undefined && typeof additionalProperties !== 'boolean') {
    causes.push(...shapeCauses(additionalProperties, `${path}.additionalProperties`));
  }
  const { pattern, format } = schema;
  for (const [field, text] of Object.entries({ pattern, format })) {
    if (text === undefined || typeof text === 'string') continue;
    causes.push(invalidAt(`${path}.${field}`, text, 'must be a string'));
  }
  return causes;
}

type Place = 'root' | 'field' | 'item';

const typeMissing: Readonly<Record<Place, string>> = {
  root: 'must not be empty at the root',
  field: 'must not be empty for specified object fields',
  item: 'must not be empty for specified array items',
};

function checkNode(schema: JsonSchema, path: string, place: Place, causes: StatusCause[]): void {
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  const isAnything = schema['x-kubernetes-preserve-unknown-fields'] === true && place !== 'root';
  if (schema.type === undefined || (schema.type as string) === '') {
    if (!isIntOrString && !isAnything) causes.push(required(`${path}.type`, typeMissing[place]));
  } else if (!types.includes(schema.type)) {
    causes.push(notSupported(`${path}.type`, schema.type, types));
  } else if (isIntOrString) {
    causes.push(
      invalidAt(`${path}.type`, schema.type, 'must be empty if x-kubernetes-int-or-string is true'),
    );
  }
  checkKeywords(schema, path, causes);
  checkListType(schema, path, causes);
  checkDefault(schema, path, causes);
  checkLogic(schema, path, causes);
  const { properties, additionalProperties, items } = schema;
  for (const [name, field] of Object.entries(properties ?? {})) {
    checkNode(field, `${path}.properties[${name}]`, 'field', causes);
  }
  if (isObject(additionalProperties)) {
    checkNode(additionalProperties, `${path}.additionalProperties`, 'field', causes);
  }
  if (isObject(items)) checkNode(items, `${path}.items`, 'item', causes);
}

function checkKeywords(schema: JsonSchema, path: string, causes: StatusCause[]): void {
  for (const name of unsupported) {
    if (!Object.hasOwn(schema, name)) continue;
    causes.push(forbiddenAt(`${path}.${name}`, `${name} is not supported`));
  }
  const { properties, additionalProperties, type, pattern } = schema;
  if (properties !== undefined && additionalProperties !== undefined) {
    const problem = 'additionalProperties and properties are mutual exclusive';
    causes.push(forbiddenAt(`${path}.additionalProperties`, problem));
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    const field = `${path}.x-kubernetes-preserve-unknown-fields`;
    causes.push(invalidAt(field, false, 'must be true or undefined'));
  }
  if (schema['x-kubernetes-embedded-resource'] === true && type !== 'object') {
    const problem = 'must be object if x-kubernetes-embedded-resource is true';
    causes.push(invalidAt(`${path}.type`, type ?? '', problem));
  }
  if ('uniqueItems' in schema && schema.uniqueItems === true) {
    const problem =
      'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    causes.push(forbiddenAt(`${path}.uniqueItems`, problem));
  }
  if (type === 'array' && schema.items === undefined) {
    causes.push(required(`${path}.items`, 'must be specified'));
  }
  if (pattern !== undefined && expression(pattern) === undefined) {
    causes.push(invalidAt(`${path}.pattern`, pattern, 'must be a valid regular expression'));
  }
}

function checkListType(schema: JsonSchema, path: string, causes: StatusCause[]): void {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  if (listType !== undefined && schema.type !== 'array') {
    const problem = 'must be array if x-kubernetes-list-type is specified';
    causes.push(invalidAt(`${path}.type`, schema.type ?? '', problem));
  }
  const field = `${path}.x-kubernetes-list-map-keys`;
  if (listType !== 'map') {
    if (keys !== undefined) {
      const problem = 'must be map if x-kubernetes-list-map-keys is non-empty';
      causes.push(invalidAt(`${path}.x-kubernetes-list-type`, listType ?? '', problem));
    }
    return;
  }
  if (keys === undefined || keys.length === 0) {
    causes.push(required(field, 'must not be empty if x-kubernetes-list-type is map'));
  }
  keys?.forEach((key, index) => {
    const item = schema.items?.properties?.[key];
    if (item === undefined) {
      const problem = 'entries must all be names of item properties';
      causes.push(invalidAt(`${field}[${index}]`, key, problem));
    } else if (item.default === undefined && !schema.items?.required?.includes(key)) {
      const place = `${path}.items.properties[${key}].default`;
      const problem =
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      causes.push(required(place, problem));
    }
  });
}

function checkDefault(schema: JsonSchema, path: string, causes: StatusCause[]): void {
  if (schema.default === undefined) return;
  const field = `${path}.default`;
  const copy = structuredClone(schema.default);
  const unknown = pruneUnknown(schema, copy);
  if (unknown.length > 0) {
    causes.push(invalidAt(field, schema.default, 'must not have unknown fields'));
  }
  for (const cause of schemaCauses(schema, copy)) {
    const below = cause.field === undefined || cause.field === '' ? '' : `.${cause.field}`;
    causes.push({ ...cause, field: `${field}${below}` });
  }
}

function checkLogic(schema: JsonSchema, path: string, causes: StatusCause[]): void {
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    schema[keyword]?.forEach((part, index) => {
      const at = `${path}.${keyword}[${index}]`;
      // The one form that Kubernetes' own generators write for int-or-string.
      if (schema['x-kubernetes-int-or-string'] === true && keyword !== 'oneOf') return;
      checkLogicNode(part, at, causes);
    });
  }
  if (schema.not !== undefined) checkLogicNode(schema.not, `${path}.not`, causes);
}

function checkLogicNode(schema: JsonSchema, path: string, causes: StatusCause[]): void {
  for (const name of structureOnly) {
    if (!Object.hasOwn(schema, name)) continue;
    causes.push(forbiddenAt(`${path}.${name}`, 'must be empty to be structural'));
  }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    checkLogicNode(field, `${path}.properties[${name}]`, causes);
  }
  if (schema.items !== undefined) checkLogicNode(schema.items, `${path}.items`, causes);
  checkLogic(schema, path, causes);
}

/** Of the metadata only the name can be restricted. */
function checkMetadata({ properties }: JsonSchema, path: string, causes: StatusCause[]): void {
  const fields = Object.keys(properties?.['metadata']?.properties ?? {});
  if (fields.every((name) => name === 'name' || name === 'generateName')) return;
  const problem =
    'must not specify anything other than name and generateName, but metadata is implicitly specified';
  causes.push(forbiddenAt(`${path}.properties[metadata]`, problem));
}
