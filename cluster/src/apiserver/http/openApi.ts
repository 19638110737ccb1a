import type { Registry } from '../Registry.ts';
import { apiVersionOf, type JsonSchema, type ResourceDefinition } from '../ResourceDefinition.ts';

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
  const schemas = Object.fromEntries(
    resources.map((resource) => [schemaName(group, version, resource), schema(resource, version)]),
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
  const definitions: Record<string, object> = {};
  for (const [group, versions] of registry.groups()) {
    for (const version of versions) {
      for (const resource of registry.inVersion(group, version)) {
        definitions[schemaName(group, version, resource)] = schema(resource, version);
      }
    }
  }
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

function schemaName(group: string, version: string, { kind }: ResourceDefinition): string {
  const reversed = group.split('.').reverse().join('.');
  return group === '' ? `io.k8s.api.core.${version}.${kind}` : `${reversed}.${version}.${kind}`;
}

function schema(resource: ResourceDefinition, version: string): object {
  const own: JsonSchema = resource.schema ?? {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
  };
  return {
    ...own,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      ...own.properties,
    },
    'x-kubernetes-group-version-kind': [kindOf(resource, version)],
  };
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
