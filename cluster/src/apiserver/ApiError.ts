import type { WholeReply } from './ApiReply.ts';

/** One entry of `details.causes`; `field` is a path such as `spec.template.spec.domain`. */
export interface StatusCause {
  reason:
    | 'FieldValueNotFound'
    | 'FieldValueRequired'
    | 'FieldValueDuplicate'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
    | 'FieldValueTypeInvalid'
    | 'FieldValueTooMany'
    | 'FieldManagerConflict'
    | 'DisruptionBudget'
    | 'ResourceVersionTooLarge';
  message: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** `metav1.Status`, the body of every failed request. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code: number;
}

/** The part of a resource that error texts name. */
export interface ResourceName {
  group: string;
  plural: string;
}

export interface KindName {
  group: string;
  kind: string;
}

/** A failure that reaches the client as a `metav1.Status`. Make one with the functions below. */
export class ApiError extends Error {
  readonly status: Status;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'ApiError';
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason === '' ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }

  get code(): number {
    return this.status.code;
  }

  /** The machine-readable reason, e.g. `NotFound`; '' when the server gave none. */
  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** A failure whose reply is not a Status, as virt-api gives them: plain text or an empty body. */
export class RawReplyError extends Error {
  readonly reply: WholeReply;

  constructor(reply: WholeReply) {
    super('text' in reply ? reply.text : `HTTP ${reply.code}`);
    this.name = 'RawReplyError';
    this.reply = reply;
  }
}

/** `virtualmachines.kubevirt.io`, or `pods` in the core group. */
export function qualifiedResource(resource: ResourceName): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

function details(resource: ResourceName, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  };
}

export function notFound(resource: ResourceName, name: string): ApiError {
  const message = `${qualifiedResource(resource)} "${name}" not found`;
  return new ApiError(404, 'NotFound', message, details(resource, name));
}

/** The path itself is not served. */
export function pathNotFound(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(resource: ResourceName, name: string): ApiError {
  const message = `${qualifiedResource(resource)} "${name}" already exists`;
  return new ApiError(409, 'AlreadyExists', message, details(resource, name));
}

/** 409: the object changed since it was read, or its state does not allow the request. */
export function conflict(resource: ResourceName, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualifiedResource(resource)} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', message, details(resource, name));
}

export const staleObject =
  'the object has been modified; please apply your changes to the latest version and try again';

/** 422 in the API server's own form: each cause's message is prefixed with its field. */
export function invalid(kind: KindName, name: string, causes: StatusCause[]): ApiError {
  const texts = causes.map((cause) =>
    cause.field === undefined ? cause.message : `${cause.field}: ${cause.message}`,
  );
  const list = texts.length === 1 ? texts.join('') : `[${texts.join(', ')}]`;
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  return new ApiError(422, 'Invalid', `${qualified} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.kind,
    causes,
  });
}

/**
 * 422 as an admission webhook gives it: the causes' messages joined, ten at most, no object named.
 * (KubeVirt pkg/util/webhooks/webhooks.go)
 */
export function deniedByWebhook(webhook: string, causes: StatusCause[]): ApiError {
  const shown = causes.slice(0, 10);
  const rest = causes.length - shown.length;
  const text = shown.map((cause) => cause.message).join(', ');
  const more = rest > 0 ? `, and ${rest} more validation errors` : '';
  const message = `admission webhook "${webhook}" denied the request: ${text}${more}`;
  return new ApiError(422, 'Invalid', message, { causes: shown });
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function unauthorized(message = 'Unauthorized'): ApiError {
  return new ApiError(401, 'Unauthorized', message);
}

/** 403 on an object or a kind; `why` follows `is forbidden: `. */
export function forbidden(resource: ResourceName, name: string, why: string): ApiError {
  const subject = name === '' ? '' : ` "${name}"`;
  const message = `${qualifiedResource(resource)}${subject} is forbidden: ${why}`;
  return new ApiError(403, 'Forbidden', message, details(resource, name));
}

export function forbiddenPath(path: string, why: string): ApiError {
  return new ApiError(403, 'Forbidden', `forbidden: ${why}`, { name: path });
}

export function methodNotAllowed(): ApiError {
  const message = 'the server does not allow this method on the requested resource';
  return new ApiError(405, 'MethodNotAllowed', message, {});
}

export function notAcceptable(message: string): ApiError {
  return new ApiError(406, 'NotAcceptable', message);
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new ApiError(415, 'UnsupportedMediaType', message, {});
}

export function requestEntityTooLarge(limitBytes: number): ApiError {
  const message = `Request entity too large: limit is ${limitBytes}`;
  return new ApiError(413, 'RequestEntityTooLarge', message);
}

/** 501: what is asked for exists in Kubernetes and is not built here; `what` names the route. */
export function notImplemented(what: string): ApiError {
  return new ApiError(501, 'NotImplemented', `not implemented by this API server: ${what}`);
}

/** 410: the revision asked for is no longer in the watch log, or the list's pages have gone. */
export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

/** 410 on a later page, with a token by which the rest can be had as it is now. */
export function expiredToken(inconsistent: string): ApiError {
  const error = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  error.status.metadata.continue = inconsistent;
  return error;
}

/** 504: the revision is yet to come; the cause is what clients know it by. */
export function tooLargeRevision(revision: number, current: number): ApiError {
  const error = timeout(`Too large resource version: ${revision}, current: ${current}`);
  const cause = {
    reason: 'ResourceVersionTooLarge',
    message: 'Too large resource version',
  } as const;
  error.status.details = { ...error.status.details, causes: [cause] };
  return error;
}

/** 504: the server did not come to an end in time. */
export function timeout(message: string, retryAfterSeconds = 1): ApiError {
  return new ApiError(504, 'Timeout', `Timeout: ${message}`, { retryAfterSeconds });
}

export function internal(message: string): ApiError {
  return new ApiError(500, 'InternalError', `Internal error occurred: ${message}`);
}

/** Is this failure an ApiError with the given reason, e.g. `NotFound`? */
export function hasReason(error: unknown, reason: string): error is ApiError {
  return error instanceof ApiError && error.reason === reason;
}
