import { badRequest } from '../ApiError.ts';
import { targetVersion, type Target } from '../ApiContext.ts';
import { cloneJson, isObject, type JsonObject } from '../json.ts';
import type { AnyObject } from '../ResourceDefinition.ts';

export interface ParsedObject {
  /** In the version of the request, without `metadata.managedFields`. */
  readonly object: AnyObject;
  /** `metadata.managedFields` as the client sent it, unchecked; undefined when it did not. */
  readonly managedFields: unknown;
}

/**
 * Makes an object of a request's body: checks kind, version and namespace against the path. The result
 * is a copy.
 */
export function parseObject(target: Target, body: unknown): ParsedObject {
  const { resource } = target;
  if (!isObject(body)) {
    throw badRequest(`the request body must be a ${resource.kind} object in JSON or YAML`);
  }
  const expected = targetVersion(target);
  checkType(body, 'kind', resource.kind);
  checkType(body, 'apiVersion', expected);
  if (body['metadata'] !== undefined && !isObject(body['metadata'])) {
    throw badRequest('metadata must be an object');
  }
  const { managedFields, ...metadata } = isObject(body['metadata']) ? body['metadata'] : {};
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = body;
  const object = {
    apiVersion: expected,
    kind: resource.kind,
    metadata: parseMetadata(target, metadata),
    ...cloneJson(rest),
  };
  // The parse boundary: from here on kind, name and namespace are as KubeObject says.
  return { object: object as unknown as AnyObject, managedFields };
}

function checkType(body: JsonObject, field: 'kind' | 'apiVersion', expected: string): void {
  const found = body[field];
  if (found === undefined || found === '' || found === expected) return;
  throw badRequest(
    `the ${field} in the data (${JSON.stringify(found)}) does not match the expected ${field} (${expected})`,
  );
}

function parseMetadata(target: Target, given: JsonObject): JsonObject {
  const metadata = cloneJson(given);
  delete metadata['selfLink'];
  for (const field of ['name', 'generateName', 'namespace']) {
    if (metadata[field] === null) Reflect.deleteProperty(metadata, field);
    if (metadata[field] !== undefined && typeof metadata[field] !== 'string') {
      throw badRequest(`metadata.${field} must be a string`);
    }
  }
  if (metadata['generateName'] === '') delete metadata['generateName'];
  metadata['name'] ??= '';
  if (target.resource.namespaced) {
    const namespace = metadata['namespace'];
    if (namespace !== undefined && namespace !== '' && namespace !== target.namespace) {
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    }
    metadata['namespace'] = target.namespace;
  } else {
    delete metadata['namespace'];
  }
  return metadata;
}
