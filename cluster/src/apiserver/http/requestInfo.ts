import type { Attributes } from '../auth/Authorize.ts';
import { isTrue } from './requestOptions.ts';

/** What a URL of the API names. */
export type RequestInfo =
  | { readonly kind: 'path'; readonly path: string }
  | ({ readonly kind: 'group' } & GroupVersion)
  | ({
      readonly kind: 'resource';
      readonly resource: string;
      readonly namespace: string | undefined;
      /** Undefined for the collection. */
      readonly name: string | undefined;
      /** All segments after the name; '' for the object itself. */
      readonly subresource: string;
    } & GroupVersion);

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

export type ResourceInfo = Extract<RequestInfo, { kind: 'resource' }>;

/**
 * Reads `/api/v1/…` and `/apis/<group>/<version>/…`. `namespaces/<ns>` is itself an object and
 * everything deeper lies in it, but for its own subresources.
 */
export function requestInfo(path: string): RequestInfo {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  const [root, ...rest] = segments;
  const isCore = root === 'api';
  const prefix = isCore ? 1 : 2;
  if ((root !== 'api' && root !== 'apis') || rest.length < prefix) return { kind: 'path', path };
  const [group = '', version = ''] = isCore ? ['', rest[0]] : rest;
  const parts = rest.slice(prefix);
  if (parts.length === 0) return { kind: 'group', group, version };
  const [first, second, third] = parts;
  const namespaced =
    first === 'namespaces' && third !== undefined && third !== 'status' && third !== 'finalize';
  const [resource = '', name, ...subresource] = namespaced ? parts.slice(2) : parts;
  return {
    kind: 'resource',
    group,
    version,
    resource,
    namespace: namespaced ? second : undefined,
    name,
    subresource: subresource.join('/'),
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not an escape: the segment stands for itself and will name nothing.
    return segment;
  }
}

/** What is to be authorised. Of a deep subresource the API server looks at the first segment. */
export function attributesOf(
  info: RequestInfo,
  method: string,
  query: URLSearchParams,
): Attributes {
  if (info.kind !== 'resource') {
    const path =
      info.kind === 'path'
        ? info.path
        : info.group === ''
          ? `/api/${info.version}`
          : `/apis/${info.group}/${info.version}`;
    return { kind: 'path', verb: method.toLowerCase(), path };
  }
  const { group, version, resource } = info;
  const isNamespace = group === '' && resource === 'namespaces';
  return {
    kind: 'resource',
    verb: verbOf(info, method, query),
    group,
    version,
    resource,
    subresource: info.subresource.split('/', 1).join(''),
    namespace: info.namespace ?? (isNamespace ? (info.name ?? '') : ''),
    name: info.name ?? nameInSelector(query) ?? '',
  };
}

export function isWatch(query: URLSearchParams): boolean {
  return isTrue(query.get('watch'));
}

function verbOf(info: ResourceInfo, method: string, query: URLSearchParams): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (info.name !== undefined) return 'get';
      return isWatch(query) ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return info.name === undefined ? 'deletecollection' : 'delete';
    default:
      return method.toLowerCase();
  }
}

/** A list of one named object needs the right to that object only. */
function nameInSelector(query: URLSearchParams): string | undefined {
  return /^metadata\.name==?([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
}
