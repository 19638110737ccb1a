import type { Registry } from '../Registry.ts';
import { type Model, objectMetaModel, openApiModels } from '../openApiModels.ts';
import { apiVersionOf, schemaOf, type ResourceDefinition } from '../ResourceDefinition.ts';

interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

/** `/openapi/v3`: one document per group version. */
export function openApiIndex(registry: Registry): object {
  const paths: Record<string, { serverRelativeURL: string }> = {};
  for (const [group, versions] of registry.groups()) {
    for (const version of versions) {
      const path = rootPath(group, version).slice(1);
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}` };
    }
  }
  return { paths };
}

/**
 * `/openapi/v3/apis/<group>/<version>`. kubectl reads from it that the server validates fields
 * itself (the `fieldValidation` parameter of PATCH) and the schemas for `kubectl explain`.
 */
export function openApiDocument(registry: Registry, path: string): object | undefined {
  const [root, ...rest] = path.split('/');
  const [group = '', version = ''] = root === 'api' ? ['', rest[0]] : rest;
  const resources = registry.inVersion(group, version);
  if (resources.length === 0 || rootPath(group, version) !== `/${path}`) return undefined;
  const schemas = withReferences(
    resources.map((resource) => [schemaName(group, version, resource), schema(resource, version)]),
    versionThree,
  );
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: apiVersionOf(group, version) },
    paths: Object.fromEntries(
      resources.map((resource) => [objectPath(resource, version), operations(resource, version)]),
    ),
    components: { schemas },
  };
}

/** `/openapi/v2`: definitions alone, for what shows help on fields. */
export function openApiV2(registry: Registry): object {
  const roots: [string, Model][] = [];
  for (const [group, versions] of registry.groups()) {
    for (const version of versions) {
      for (const resource of registry.inVersion(group, version)) {
        roots.push([schemaName(group, version, resource), schema(resource, version)]);
      }
    }
  }
  const definitions = withReferences(roots, versionTwo);
  const info = { title: 'Kubernetes', version: 'v1' };
  return { swagger: '2.0', info, paths: {}, definitions };
}

/** The media type in which kubectl up to 1.26 asks for `/openapi/v2`; it takes no other. */
export const openApiV2Protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/**
 * `/openapi/v2` for those clients: a Document (github.com/google/gnostic, openapi_v2) with version and
 * title alone. Without definitions they leave the checking of fields to the server.
 */
export function openApiV2Document(): Buffer {
  const text = (field: number, value: string | Buffer) => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([(field << 3) | 2, bytes.length]), bytes]);
  };
  const info = Buffer.concat([text(1, 'Kubernetes'), text(2, 'v1')]);
  return Buffer.concat([text(1, '2.0'), text(2, info)]);
}

function rootPath(group: string, version: string): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

function objectPath(resource: ResourceDefinition, version: string): string {
  const scope = resource.namespaced ? '/namespaces/{namespace}' : '';
  return `${rootPath(resource.group, version)}${scope}/${resource.plural}/{name}`;
}

function kindOf({ group, kind }: ResourceDefinition, version: string): GroupVersionKind {
  return { group, version, kind };
}

/** Built-ins go by the name of their model; custom resources by their group, version and kind. */
function schemaName(group: string, version: string, resource: ResourceDefinition): string {
  if (resource.strategicMerge === true && resource.model !== undefined) return resource.model;
  const reversed = group.split('.').reverse().join('.');
  const { kind } = resource;
  return group === '' ? `io.k8s.api.core.${version}.${kind}` : `${reversed}.${version}.${kind}`;
}

function schema(resource: ResourceDefinition, version: string): Model {
  const own: Model = modelOf(resource) ??
    schemaOf(resource, version) ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    ...own,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { $ref: objectMetaModel },
      ...own.properties,
    },
    'x-kubernetes-group-version-kind': [kindOf(resource, version)],
  };
}

function modelOf({ model }: ResourceDefinition): Model | undefined {
  return model === undefined ? undefined : openApiModels()[model];
}

/** How a release of OpenAPI writes references and what may be a number or a string. */
interface Dialect {
  reference(model: string, description: string | undefined): object;
  readonly intOrString: object;
}

const versionThree: Dialect = {
  reference(model, description) {
    const $ref = `#/components/schemas/${model}`;
    // Beside a reference nothing else counts, so that a description needs allOf.
    return description === undefined ? { $ref } : { description, allOf: [{ $ref }] };
  },
  intOrString: { oneOf: [{ type: 'integer' }, { type: 'string' }] },
};

const versionTwo: Dialect = {
  reference: (model, description) => ({
    ...(description !== undefined && { description }),
    $ref: `#/definitions/${model}`,
  }),
  intOrString: { type: 'string', format: 'int-or-string' },
};

/** The schemas with all that they refer to, in the words of the dialect. */
function withReferences(roots: readonly [string, Model][], dialect: Dialect): object {
  const models = openApiModels();
  const written: Record<string, object> = {};
  const rootNames = new Set(roots.map(([name]) => name));
  const waiting: [string, Model][] = [...roots];
  const write = ({ $ref, items, properties, additionalProperties, ...rest }: Model): object => {
    if ($ref !== undefined) {
      const model = models[$ref];
      // A root carries its kind besides what its model says: it is written as the root.
      const isKnown = written[$ref] !== undefined || rootNames.has($ref);
      if (model !== undefined && !isKnown) waiting.push([$ref, model]);
      return dialect.reference($ref, rest.description);
    }
    return {
      ...rest,
      ...(rest['x-kubernetes-int-or-string'] === true && dialect.intOrString),
      ...(items && { items: write(items) }),
      ...(properties && { properties: writeAll(properties) }),
      ...(additionalProperties !== undefined && {
        additionalProperties:
          typeof additionalProperties === 'object'
            ? write(additionalProperties)
            : additionalProperties,
      }),
    };
  };
  const writeAll = (properties: Readonly<Record<string, Model>>) =>
    Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, write(field)]));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [name, model] = next;
    written[name] ??= write(model);
  }
  return written;
}

function operations(resource: ResourceDefinition, version: string): object {
  const reference = `#/components/schemas/${schemaName(resource.group, version, resource)}`;
  const content = { 'application/json': { schema: { $ref: reference } } };
  const responses = { 200: { description: 'OK', content } };
  const parameter = (name: string) => ({ name, in: 'query', schema: { type: 'string' } });
  const gvk = { 'x-kubernetes-group-version-kind': kindOf(resource, version) };
  return {
    get: { 'x-kubernetes-action': 'get', ...gvk, responses },
    patch: {
      'x-kubernetes-action': 'patch',
      ...gvk,
      parameters: [parameter('dryRun'), parameter('fieldManager'), parameter('fieldValidation')],
      requestBody: { content: { 'application/merge-patch+json': { schema: { type: 'object' } } } },
      responses,
    },
  };
}
