import { isRecord } from '~/k8s/isRecord';

/** A schema of an OpenAPI v3 document, with its references followed. */
export interface Schema {
  description: string;
  /** `object`, `array`, `string`, `integer`, `number`, `boolean`; empty where it may be several. */
  type: string;
  required: readonly string[];
  /** Names of the fields of an object that has a fixed set of them, in the document's order. */
  fields: readonly string[];
  enumValues: readonly string[];
  /** Objects whose keys are the user's. */
  isMap: boolean;
}

type Raw = Readonly<Record<string, unknown>>;

/** Path of a value: keys, and numbers for items of lists. */
export type FieldPath = readonly (string | number)[];

const prefix = '#/components/schemas/';

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/**
 * What an API server says of its kinds (`/openapi/v3/apis/<group>/<version>`): looked up by the path
 * of a field. Nothing is resolved before it is asked for, as schemas may refer to themselves.
 */
export class OpenApi {
  readonly #schemas: Raw;

  constructor(document: unknown) {
    const components = isRecord(document) ? document['components'] : undefined;
    const schemas = isRecord(components) ? components['schemas'] : undefined;
    this.#schemas = isRecord(schemas) ? schemas : {};
  }

  /** The schema of a field of a kind; undefined where the document does not know it. */
  at(kind: string, path: FieldPath): Schema | undefined {
    let raw = this.#root(kind);
    for (const part of path) {
      if (raw === undefined) return undefined;
      raw = this.#child(raw, part);
    }
    return raw && toSchema(raw);
  }

  #root(kind: string): Raw | undefined {
    for (const schema of Object.values(this.#schemas)) {
      const kinds = isRecord(schema) ? schema['x-kubernetes-group-version-kind'] : undefined;
      if (!isRecord(schema) || !Array.isArray(kinds)) continue;
      // Options of requests carry the kinds of all groups; an object is of one.
      const isOf = kinds.some((one) => isRecord(one) && one['kind'] === kind);
      if (isOf && isRecord(schema['properties'])) return this.#resolve(schema);
    }
    return undefined;
  }

  #child(raw: Raw, part: string | number): Raw | undefined {
    if (typeof part === 'number') return this.#resolve(raw['items']);
    const properties = raw['properties'];
    const own = isRecord(properties) ? properties[part] : undefined;
    return this.#resolve(own ?? raw['additionalProperties']);
  }

  /** Follows `$ref`, also where it is the one part of an `allOf` beside a default. */
  #resolve(schema: unknown): Raw | undefined {
    if (!isRecord(schema)) return undefined;
    const parts: unknown = schema['allOf'];
    const only: unknown = Array.isArray(parts) ? parts[0] : undefined;
    const reference = textOf(schema['$ref']) || textOf(isRecord(only) ? only['$ref'] : undefined);
    if (reference === '') return schema;
    const target = this.#schemas[reference.replace(prefix, '')];
    if (!isRecord(target)) return schema;
    const description = textOf(schema['description']);
    return description === '' ? target : { ...target, description };
  }
}

function toSchema(raw: Raw): Schema {
  const properties = raw['properties'];
  const isEither = raw['x-kubernetes-int-or-string'] === true || raw['oneOf'] !== undefined;
  const fields = isRecord(properties) ? Object.keys(properties) : [];
  const isOpen = raw['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    description: textOf(raw['description']),
    type: isEither ? '' : textOf(raw['type']),
    required: stringsOf(raw['required']),
    fields,
    enumValues: stringsOf(raw['enum']),
    isMap: isOpen || fields.length === 0,
  };
}
