import type { NamedTarget, Presented, Target } from '../ApiContext.ts';
import type { ApiContext } from '../ApiContext.ts';
import { badRequest, methodNotAllowed, notImplemented, pathNotFound } from '../ApiError.ts';
import type { ApiReply } from '../ApiReply.ts';
import { subresourcesOf, type ConnectSubresource, type Verb } from '../ResourceDefinition.ts';
import { reportFields } from '../schema/checkSchema.ts';
import type { WriteOptions } from '../verbs/admit.ts';
import { createObject } from '../verbs/createObject.ts';
import { deleteCollection, deleteObject } from '../verbs/deleteObject.ts';
import { applyObject, applyPatchType, requireFieldManager } from '../verbs/applyObject.ts';
import { patchObject } from '../verbs/patchObject.ts';
import { getObject, listObjects } from '../verbs/readObjects.ts';
import { getScale, patchScale, updateScale } from '../verbs/scaleObject.ts';
import { updateObject } from '../verbs/updateObject.ts';
import { duplicateFields } from './duplicateFields.ts';
import { decodeBody, decodeObject, mediaType } from './requestBody.ts';
import {
  fieldManagerOf,
  isTrue,
  listOptions,
  removeOptions,
  writeOptions,
} from './requestOptions.ts';
import { listText, objectText, representationFor } from './representation.ts';
import { isWatch, type ResourceInfo } from './requestInfo.ts';
import type { HttpRequest } from './HttpRequest.ts';

/** A watch is answered by a stream; everything else by one reply. */
export type ResourceAnswer = { watch: Target } | { connect: ConnectSubresource } | ApiReply;

/** Answers a request to a stored resource. */
export async function handleResource(
  context: ApiContext,
  request: HttpRequest,
  info: ResourceInfo,
  warn: (text: string) => void,
): Promise<ResourceAnswer> {
  const target = targetOf(context, request, info, warn);
  if (info.name === undefined) return handleCollection(context, request, target);
  const named: NamedTarget = { ...target, name: info.name, subresource: info.subresource };
  if (info.subresource !== '' && !isPartOfObject(named)) {
    const connect = target.resource.connect?.[info.subresource.split('/', 1).join('')];
    if (connect !== undefined) return { connect };
    throw unservedSubresource(request, named);
  }
  if (info.subresource === 'scale') return handleScale(context, request, named);
  return handleObject(context, request, named);
}

/** Status and finalize are views of the object itself. */
function isPartOfObject(target: NamedTarget): boolean {
  const { resource, subresource, version } = target;
  const { status, scale } = subresourcesOf(resource, version);
  if (subresource === 'status') return status === true;
  if (subresource === 'scale') return scale !== undefined;
  return subresource === 'finalize' && resource.finalizersPath !== undefined;
}

/** Subresources that Kubernetes has and this server has not. */
const unbuilt = new Set([
  'pods/log',
  'pods/exec',
  'pods/attach',
  'pods/portforward',
  'pods/proxy',
  'pods/binding',
  'pods/ephemeralcontainers',
  'pods/resize',
  'services/proxy',
  'nodes/proxy',
]);

function unservedSubresource(request: HttpRequest, target: NamedTarget): Error {
  const { resource, subresource } = target;
  const route = `${resource.plural}/${subresource.split('/', 1).join('')}`;
  if (resource.group === '' && unbuilt.has(route)) {
    return notImplemented(`${request.method} ${request.url.pathname}`);
  }
  return pathNotFound();
}

function targetOf(
  context: ApiContext,
  request: HttpRequest,
  info: ResourceInfo,
  warn: (text: string) => void,
): Target {
  const resource = context.registry.find(info.group, info.version, info.resource);
  if (resource === undefined) throw pathNotFound();
  if (!resource.namespaced && info.namespace !== undefined) throw pathNotFound();
  if (resource.namespaced && info.namespace === undefined && info.name !== undefined) {
    throw pathNotFound();
  }
  const version = resource.versions.find(({ name }) => name === info.version);
  if (version?.deprecationWarning !== undefined) warn(version.deprecationWarning);
  return {
    resource,
    version: info.version,
    namespace: info.namespace,
    user: request.user,
    fieldManager: fieldManagerOf(request),
    warn,
  };
}

async function handleCollection(
  context: ApiContext,
  request: HttpRequest,
  target: Target,
): Promise<ResourceAnswer> {
  const query = request.url.searchParams;
  const form = representationFor(request.header('accept'));
  const selectors = {
    labelSelector: query.get('labelSelector') ?? undefined,
    fieldSelector: query.get('fieldSelector') ?? undefined,
  };
  switch (request.method) {
    case 'GET': {
      requireVerb(target, isWatch(query) ? 'watch' : 'list');
      const options = listOptions(query);
      if (isWatch(query)) return { watch: target };
      const list = await listObjects(context, target, options);
      return jsonText(200, listText(context, target, list, form, query));
    }
    case 'POST': {
      requireVerb(target, 'create');
      if (target.resource.namespaced && target.namespace === undefined) {
        throw badRequest(
          'an object of this kind is made in a namespace: POST below namespaces/<name>',
        );
      }
      const options = writeOptions(query);
      const body = readObject(request, target, options);
      const created = await createObject(context, target, body, options);
      return jsonText(201, objectText(context, target, created, form, query));
    }
    case 'DELETE': {
      requireVerb(target, 'deletecollection');
      // Kubernetes has no route that would empty all namespaces at once.
      if (target.resource.namespaced && target.namespace === undefined) throw methodNotAllowed();
      const options = removeOptions(request);
      const removed = await deleteCollection(context, target, selectors, options);
      const list = { resourceVersion: String(context.store.revision), items: removed };
      return jsonText(200, listText(context, target, list, form, query));
    }
    default:
      throw methodNotAllowed();
  }
}

/** The object of a create or an update; JSON that names a field twice is refused or warned of. */
function readObject(request: HttpRequest, target: Target, options: WriteOptions): unknown {
  const contentType = request.header('content-type');
  const body = decodeObject(contentType, request.body);
  const { fieldValidation = 'Warn' } = options;
  if (fieldValidation === 'Ignore' || mediaType(contentType) !== 'application/json') return body;
  const duplicates = duplicateFields(request.body.toString());
  const texts = duplicates.map((field) => `duplicate field "${field}"`);
  reportFields(target, texts, fieldValidation);
  return body;
}

async function handleObject(
  context: ApiContext,
  request: HttpRequest,
  target: NamedTarget,
): Promise<ResourceAnswer> {
  const query = request.url.searchParams;
  const form = representationFor(request.header('accept'));
  const contentType = request.header('content-type');
  const answer = (shown: Presented) =>
    jsonText(200, objectText(context, target, shown, form, query));
  switch (request.method) {
    case 'GET':
      requireVerb(target, 'get');
      return answer(await getObject(context, target, query.get('resourceVersion') ?? ''));
    case 'PUT': {
      requireVerb(target, 'update');
      const options = writeOptions(query);
      const body = readObject(request, target, options);
      return answer(await updateObject(context, target, body, options));
    }
    case 'PATCH': {
      requireVerb(target, 'patch');
      const type = mediaType(contentType);
      const body = decodeBody(type, request.body);
      const force = query.get('force');
      if (type === applyPatchType) {
        requireFieldManager(query.get('fieldManager'));
        const options = { ...writeOptions(query), force: isTrue(force) };
        const { object, created } = await applyObject(context, target, body, options);
        return jsonText(created ? 201 : 200, objectText(context, target, object, form, query));
      }
      if (isTrue(force))
        throw badRequest('force: Forbidden: may not be specified for non-apply patch');
      return answer(await patchObject(context, target, type, body, writeOptions(query)));
    }
    case 'DELETE': {
      requireVerb(target, 'delete');
      if (target.subresource !== '') throw methodNotAllowed();
      const removal = await deleteObject(context, target, removeOptions(request));
      return removal.gone
        ? jsonText(200, goneText(target, removal.object))
        : answer(removal.object);
    }
    default:
      throw methodNotAllowed();
  }
}

async function handleScale(
  context: ApiContext,
  request: HttpRequest,
  target: NamedTarget,
): Promise<ApiReply> {
  const contentType = request.header('content-type');
  const options = writeOptions(request.url.searchParams);
  switch (request.method) {
    case 'GET':
      requireVerb(target, 'get');
      return { code: 200, json: await getScale(context, target) };
    case 'PUT': {
      requireVerb(target, 'update');
      const body = decodeObject(contentType, request.body);
      return { code: 200, json: await updateScale(context, target, body, options) };
    }
    case 'PATCH': {
      requireVerb(target, 'patch');
      const type = mediaType(contentType);
      const body = decodeBody(type, request.body);
      return { code: 200, json: await patchScale(context, target, type, body, options) };
    }
    default:
      throw methodNotAllowed();
  }
}

function requireVerb({ resource }: Target, verb: Verb): void {
  if (resource.verbs !== undefined && !resource.verbs.includes(verb)) throw methodNotAllowed();
}

function goneText({ resource, name }: NamedTarget, { object }: Presented): string {
  return JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
      uid: object.metadata.uid,
    },
  });
}

function jsonText(code: number, text: string): ApiReply {
  return { code, bytes: Buffer.from(text), contentType: 'application/json' };
}
