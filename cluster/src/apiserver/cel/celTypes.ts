import { Environment } from '@marcbachmann/cel-js';
import { isObject, jsonEqual, type JsonObject } from '../json.ts';
import type { JsonSchema } from '../ResourceDefinition.ts';
import { addLibrary } from './celLibrary.ts';

/** A type of CEL that stands for a schema, with what makes values of JSON values of it. */
export interface CelType {
  /** As expressions and the type checker know it: `int`, `list<string>`, the name of an object. */
  readonly name: string;
  toCel(value: unknown): unknown;
}

/** CEL's reserved words, which as names of fields are written `__word__`. */
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const escapes = [
  ['__', '__underscores__'],
  ['.', '__dot__'],
  ['-', '__dash__'],
  ['/', '__slash__'],
] as const;

/** The name of a field in an expression; undefined for one that cannot be written there. */
export function celName(field: string): string | undefined {
  if (reserved.has(field)) return `__${field}__`;
  const escaped = escapes.reduce((text, [from, to]) => text.replaceAll(from, to), field);
  return /^[A-Za-z_]\w*$/.test(escaped) ? escaped : undefined;
}

const text: JsonSchema = { type: 'string' };
/** What every object within an object has, as far as rules may see it. */
const embeddedFields: Readonly<Record<string, JsonSchema>> = {
  apiVersion: text,
  kind: text,
  metadata: { type: 'object', properties: { name: text, generateName: text } },
};

const asIs = (name: string): CelType => ({ name, toCel: (value) => value });
const dynamic: CelType = { name: 'dyn', toCel: toDynamic };
const base = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
addLibrary(base);

/**
 * An environment in which `self` is a value of a schema (k8s.io/apiserver, pkg/cel/common/schemas.go). An object
 * at the root or an embedded one also has `apiVersion`, `kind` and the name in its `metadata`.
 */
export function environmentFor(schema: JsonSchema, isRoot: boolean) {
  const environment = base.clone();
  let count = 0;

  const typeOf = (node: JsonSchema, isWhole = false): CelType => {
    if (node['x-kubernetes-int-or-string'] === true) return dynamic;
    const { type, properties, additionalProperties, items } = node;
    switch (type) {
      case 'integer':
        return {
          name: 'int',
          toCel: (value) => (typeof value === 'number' ? BigInt(value) : value),
        };
      case 'number':
        return asIs('double');
      case 'boolean':
        return asIs('bool');
      case 'string':
        return stringType(node.format);
      case 'array':
        return listType(typeOf(items ?? {}));
      case 'object': {
        if (isWhole || node['x-kubernetes-embedded-resource'] === true) {
          return objectType({ ...embeddedFields, ...properties, metadata: metadataOf(properties) });
        }
        if (properties !== undefined) return objectType(properties);
        return typeof additionalProperties === 'object'
          ? mapType(typeOf(additionalProperties))
          : dynamic;
      }
      default:
        return dynamic;
    }
  };

  const objectType = (properties: Readonly<Record<string, JsonSchema>>): CelType => {
    count += 1;
    const name = `Object${count}`;
    /** An object of this schema: expressions tell types apart by their constructors. */
    class SchemaObject {
      toString(): string {
        return name;
      }
    }
    const raw = new WeakMap<object, JsonObject>();
    const fields = Object.entries(properties).flatMap(([field, node]) => {
      const shown = celName(field);
      return shown === undefined ? [] : [{ field, shown, type: typeOf(node) }];
    });
    const types = Object.fromEntries(fields.map(({ shown, type }) => [shown, type.name]));
    environment.registerType(name, { ctor: SchemaObject, fields: types });
    environment.registerOperator(`${name} == ${name}`, (a: object, b: object) =>
      jsonEqual(raw.get(a), raw.get(b)),
    );
    return {
      name,
      toCel(value) {
        if (!isObject(value)) return value;
        const known = fields.filter(({ field }) => value[field] !== undefined);
        const object = Object.assign(
          new SchemaObject(),
          Object.fromEntries(
            known.map(({ field, shown, type }) => [shown, type.toCel(value[field])]),
          ),
        );
        raw.set(object, value);
        return object;
      },
    };
  };

  const self = typeOf(schema, isRoot);
  return { environment, self };
}

function metadataOf(properties: JsonSchema['properties'] = {}): JsonSchema {
  const own = properties['metadata']?.properties;
  return { type: 'object', properties: { ...own, ...embeddedFields['metadata']?.properties } };
}

function listType(items: CelType): CelType {
  return {
    name: `list<${items.name}>`,
    toCel: (value) => (Array.isArray(value) ? value.map((item) => items.toCel(item)) : value),
  };
}

function mapType(values: CelType): CelType {
  return {
    name: `map<string, ${values.name}>`,
    toCel: (value) =>
      isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, values.toCel(item)]))
        : value,
  };
}

function stringType(format: string | undefined): CelType {
  const converted = (name: string, convert: (value: string) => unknown): CelType => ({
    name,
    toCel: (value) => (typeof value === 'string' ? convert(value) : value),
  });
  switch (format) {
    case 'date-time':
      return converted('google.protobuf.Timestamp', (value) => new Date(value));
    case 'date':
      return converted('google.protobuf.Timestamp', (value) => new Date(`${value}T00:00:00Z`));
    case 'duration':
      return converted('google.protobuf.Duration', (value): unknown =>
        base.evaluate(`duration(${JSON.stringify(value)})`),
      );
    case 'byte':
      return converted('bytes', (value) => new Uint8Array(Buffer.from(value, 'base64')));
    default:
      return asIs('string');
  }
}

/** A value that no schema describes: whole numbers are of type int. */
function toDynamic(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toDynamic);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toDynamic(item)]));
}
