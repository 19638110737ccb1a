import type { DeleteOptions } from '../../client/KubeClient.ts';
import { badRequest, invalid } from '../ApiError.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { WriteOptions } from '../verbs/admit.ts';
import type { RemoveOptions } from '../verbs/deleteObject.ts';
import type { ReadOptions } from '../verbs/readObjects.ts';
import type { HttpRequest } from './HttpRequest.ts';
import { decodeBody } from './requestBody.ts';

const maxManagerLength = 128;

export function writeOptions(query: URLSearchParams): WriteOptions {
  const fieldValidation = query.get('fieldValidation') ?? 'Warn';
  if (fieldValidation !== 'Strict' && fieldValidation !== 'Warn' && fieldValidation !== 'Ignore') {
    throw badRequest(
      `Invalid value: ${JSON.stringify(fieldValidation)}: fieldValidation must be Strict, Warn or Ignore`,
    );
  }
  return { dryRun: isDryRun(query.getAll('dryRun')), fieldValidation };
}

function isDryRun(values: readonly unknown[]): boolean {
  const given = values.filter((value) => value !== '');
  if (given.some((value) => value !== 'All')) {
    throw badRequest(
      `dryRun: Unsupported value: ${JSON.stringify(given)}: supported values: "All"`,
    );
  }
  return given.length > 0;
}

/** Options of a deletion come as its body or in the query; the body wins. */
export function removeOptions(request: HttpRequest): RemoveOptions {
  const query = request.url.searchParams;
  const body = decodeBody(request.header('content-type'), request.body);
  const given = isObject(body) ? body : {};
  const dryRun = given['dryRun'] ?? query.getAll('dryRun');
  const grace = given['gracePeriodSeconds'] ?? query.get('gracePeriodSeconds');
  const policy = propagationPolicy(
    given['propagationPolicy'] ?? orphanPolicy(given) ?? query.get('propagationPolicy'),
  );
  const preconditions = given['preconditions'];
  return {
    dryRun: isDryRun(Array.isArray(dryRun) ? dryRun : []),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(grace === null ? {} : { gracePeriodSeconds: gracePeriod(grace) }),
    ...(isObject(preconditions) ? { preconditions: textFields(preconditions) } : {}),
  };
}

/** The older way to choose between the two. */
function orphanPolicy({ orphanDependents }: JsonObject): string | undefined {
  if (typeof orphanDependents !== 'boolean') return undefined;
  return orphanDependents ? 'Orphan' : 'Background';
}

function gracePeriod(value: unknown): number {
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds >= 0) return seconds;
  throw badRequest('gracePeriodSeconds must be a whole number of seconds, not below 0');
}

function propagationPolicy(value: unknown): DeleteOptions['propagationPolicy'] {
  if (value === null || value === undefined || value === '') return undefined;
  if (value === 'Background' || value === 'Foreground' || value === 'Orphan') return value;
  throw badRequest(
    `propagationPolicy: Unsupported value: ${JSON.stringify(value)}: supported values: "Foreground", "Background", "Orphan"`,
  );
}

function textFields(preconditions: object): { uid?: string; resourceVersion?: string } {
  const fields = Object.entries(preconditions).filter(
    ([name, value]) => ['uid', 'resourceVersion'].includes(name) && typeof value === 'string',
  );
  return Object.fromEntries(fields);
}

/** Who owns what is written: as the client says, else its program by the User-Agent. */
export function fieldManagerOf(request: HttpRequest): string {
  const given = request.url.searchParams.get('fieldManager') ?? '';
  if (given.length > maxManagerLength || /[^\x20-\x7e]/.test(given)) {
    throw badRequest(
      `fieldManager: Invalid value: must be printable and no more than ${maxManagerLength} characters`,
    );
  }
  if (given !== '') return given;
  const program = (request.header('user-agent') ?? '').split('/', 1).join('');
  return program.replace(/[^\x20-\x7e]/g, '').slice(0, maxManagerLength) || 'unknown';
}

/** What a list or a watch is asked for; throws 400 for what is not a number, 422 for what contradicts. */
export function listOptions(query: URLSearchParams): ReadOptions {
  const resourceVersion = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const token = query.get('continue') ?? '';
  wholeNumber(query, 'timeoutSeconds');
  const forbidden = (field: string, why: string) => {
    const message = `Forbidden: ${why}`;
    return invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
      { reason: 'FieldValueForbidden', message, field },
    ]);
  };
  const field = 'resourceVersionMatch';
  if (query.has('sendInitialEvents')) {
    if (!isTrue(query.get('watch'))) {
      throw forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list');
    }
    if (match !== 'NotOlderThan') {
      throw forbidden(
        field,
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      );
    }
  }
  if (match !== '') {
    if (isTrue(query.get('watch')) && !query.has('sendInitialEvents')) {
      throw forbidden(
        field,
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      );
    }
    if (resourceVersion === '' && !query.has('sendInitialEvents')) {
      throw forbidden(
        field,
        'resourceVersionMatch is forbidden unless resourceVersion is provided',
      );
    }
    if (token !== '') {
      throw forbidden(field, 'resourceVersionMatch is forbidden when continue is provided');
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      throw badRequest(
        `resourceVersionMatch: Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan"`,
      );
    }
    if (match === 'Exact' && resourceVersion === '0') {
      throw forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (token !== '' && resourceVersion !== '' && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  return {
    labelSelector: query.get('labelSelector') ?? undefined,
    fieldSelector: query.get('fieldSelector') ?? undefined,
    limit: wholeNumber(query, 'limit'),
    continue: token,
    resourceVersion,
    resourceVersionMatch: match,
  };
}

function wholeNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  if (text === '') return 0;
  if (/^[+-]?\d{1,18}$/.test(text)) return Number(text);
  throw badRequest(`${name}: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** Of a parameter of the query: all but none, `false` and `0` is true (Go's Convert_Slice_string_To_bool). */
export function isTrue(value: string | null): boolean {
  return value !== null && !['false', '0'].includes(value.toLowerCase());
}
