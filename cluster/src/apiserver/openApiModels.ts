import { createRequire } from 'node:module';
import type { JsonSchema } from './ResourceDefinition.ts';

/**
 * An OpenAPI model as scripts/schemas.mjs derives it: a schema in which `$ref` is the name of another
 * model, e.g. `io.k8s.api.core.v1.PodSpec`.
 */
export interface Model extends Omit<JsonSchema, 'properties' | 'additionalProperties' | 'items'> {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Model>>;
  readonly additionalProperties?: boolean | Model;
  readonly items?: Model;
  /** Of a root: the kinds that clients know it by. */
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    group: string;
    version: string;
    kind: string;
  }[];
}

export const objectMetaModel = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

let loaded: Readonly<Record<string, Model>> | undefined;

/** All models by name. The file (under 1 MB) is read at the first call. */
export function openApiModels(): Readonly<Record<string, Model>> {
  // The parse boundary: our own build step has written it.
  loaded ??= createRequire(import.meta.url)('#schemas') as Readonly<Record<string, Model>>;
  return loaded;
}

/**
 * The schema that a CustomResourceDefinition made from the model has: references are resolved, metadata
 * inside of a spec is kept whole, and enumerations of core types are left out, as in KubeVirt's and CDI's own
 * definitions; so are descriptions.
 */
export function customSchema(model: string): JsonSchema {
  return resolver({ required: true }).root(model);
}

/**
 * The schema by which a built-in is decoded and checked: types, known fields and enumerations. Which fields
 * are required is up to the kind's own validation, because Go gives absent ones their zero value.
 */
export function builtinSchema(model: string): JsonSchema {
  return resolver({ required: false }).root(model);
}

/** Lists and objects that Go's types always have are there, empty, when a client leaves them out. */
function withZeroValue(schema: JsonSchema): JsonSchema {
  if (schema.type === 'array') return { ...schema, default: [] };
  return schema.type === 'object' ? { ...schema, default: {} } : schema;
}

const resolvers = new Map<boolean, Resolver>();

function resolver({ required }: { required: boolean }): Resolver {
  const known = resolvers.get(required) ?? new Resolver(required);
  resolvers.set(required, known);
  return known;
}

/** Resolves each model once; models that share a part share its schema. */
class Resolver {
  private readonly known = new Map<string, JsonSchema>();

  constructor(private readonly required: boolean) {}

  root(name: string): JsonSchema {
    const { properties = {}, ...schema } = this.model(name);
    const own = Object.entries(properties).filter(
      ([field]) => !['apiVersion', 'kind', 'metadata'].includes(field),
    );
    return { ...schema, properties: Object.fromEntries(own) };
  }

  private model(name: string): JsonSchema {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const model = openApiModels()[name];
    if (model === undefined) throw new Error(`there is no OpenAPI model ${name}`);
    // Stands for the model inside of itself: only JSONSchemaProps nests without end.
    this.known.set(name, { type: 'object', 'x-kubernetes-preserve-unknown-fields': true });
    const schema = this.resolve(model, this.required && name.startsWith('io.k8s.'));
    this.known.set(name, schema);
    return schema;
  }

  private resolve(model: Model, isCore: boolean): JsonSchema {
    const {
      $ref,
      description: _,
      enum: values,
      properties,
      items,
      additionalProperties,
      ...rest
    } = model;
    if ($ref === objectMetaModel) {
      return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    }
    if ($ref !== undefined) return this.model($ref);
    const { required, ...schema } = rest;
    return {
      ...schema,
      ...(values && !isCore && { enum: values }),
      ...(this.required && required && { required }),
      ...(items && { items: this.resolve(items, isCore) }),
      ...(properties && {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, field]) => {
            const resolved = this.resolve(field, isCore);
            const isTaken = !this.required && required?.includes(name) === true;
            return [name, isTaken ? withZeroValue(resolved) : resolved];
          }),
        ),
      }),
      ...(additionalProperties !== undefined && {
        additionalProperties:
          typeof additionalProperties === 'object'
            ? this.resolve(additionalProperties, isCore)
            : additionalProperties,
      }),
    };
  }
}
