import type { ConfigMap, Secret } from '../../client/resources.ts';
import { badRequest, invalid, type StatusCause } from '../ApiError.ts';
import { invalidAt, required } from '../causes.ts';
import { jsonEqual } from '../json.ts';
import type { AdmissionContext } from '../ResourceDefinition.ts';

/** Kubernetes: core/v1, MaxSecretSize. */
const sizeLimit = 2 ** 20;

const keyText =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

type Values = Readonly<Record<string, string>>;

/** What Secrets of a type have to hold: all of these, or one of them. */
const requiredKeys: Readonly<Record<string, { all?: string[]; oneOf?: string[]; json?: string }>> =
  {
    'kubernetes.io/dockercfg': { all: ['.dockercfg'], json: '.dockercfg' },
    'kubernetes.io/dockerconfigjson': { all: ['.dockerconfigjson'], json: '.dockerconfigjson' },
    'kubernetes.io/basic-auth': { oneOf: ['username', 'password'] },
    'kubernetes.io/ssh-auth': { all: ['ssh-privatekey'] },
    'kubernetes.io/tls': { all: ['tls.crt', 'tls.key'] },
  };

/** Kubernetes: pkg/apis/core/validation/validation.go, ValidateConfigMap and ValidateConfigMapUpdate (v1.33). */
export function validateConfigMap({ object, oldObject, name }: AdmissionContext<ConfigMap>): void {
  if (object === undefined) return;
  const { data = {}, binaryData = {} } = object;
  requireBase64('ConfigMap', binaryData);
  const causes = [
    ...keyCauses('data', data),
    ...keyCauses('binaryData', binaryData),
    ...Object.keys(binaryData)
      .filter((key) => Object.hasOwn(data, key))
      .map((key) => invalidAt(`binaryData[${key}]`, key, 'duplicate of key present in data')),
    ...tooLongCauses('[]', textBytes(data) + decodedBytes(binaryData)),
    ...immutableCauses(object, oldObject, ['data', 'binaryData']),
  ];
  if (causes.length > 0) throw invalid({ group: '', kind: 'ConfigMap' }, name, causes);
}

/** The same file's ValidateSecret and ValidateSecretUpdate. */
export function validateSecret({ object, oldObject, name }: AdmissionContext<Secret>): void {
  if (object === undefined) return;
  const { data = {}, type = 'Opaque' } = object;
  const causes = [
    ...keyCauses('data', data),
    ...tooLongCauses('data', decodedBytes(data)),
    ...typeCauses(type, object),
    ...immutableCauses(object, oldObject, ['data']),
  ];
  if (oldObject?.type !== undefined && oldObject.type !== type) {
    causes.push(invalidAt('type', type, 'field is immutable'));
  }
  if (causes.length > 0) throw invalid({ group: '', kind: 'Secret' }, name, causes);
}

/** Values that are no base64 cannot be decoded at all: 400. */
export function requireBase64(kind: string, values: Values): void {
  for (const value of Object.values(values)) {
    const text = value.replace(/[\r\n]/g, '');
    if (/^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0) continue;
    const at = text.search(/[^A-Za-z0-9+/=]/);
    const byte = at < 0 ? text.length - (text.length % 4) : at;
    const problem = `illegal base64 data at input byte ${byte}`;
    throw badRequest(`${kind} in version "v1" cannot be handled as a ${kind}: ${problem}`);
  }
}

function keyCauses(field: string, values: Values): StatusCause[] {
  return Object.keys(values).flatMap((key) => {
    const problem = keyProblem(key);
    return problem === undefined ? [] : [invalidAt(`${field}[${key}]`, key, problem)];
  });
}

function keyProblem(key: string): string | undefined {
  if (key.length > 253) return 'must be no more than 253 characters';
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) return keyText;
  if (key === '.' || key === '..') return `must not be '${key}'`;
  return key.startsWith('..') ? "must not start with '..'" : undefined;
}

function typeCauses(type: string, { data = {}, metadata }: Secret): StatusCause[] {
  if (type === 'kubernetes.io/service-account-token') {
    const annotation = 'kubernetes.io/service-account.name';
    const account = metadata.annotations?.[annotation];
    return account ? [] : [required(`metadata.annotations[${annotation}]`)];
  }
  const { all = [], oneOf = [], json } = requiredKeys[type] ?? {};
  const missing = all.filter((key) => !Object.hasOwn(data, key));
  if (!oneOf.some((key) => Object.hasOwn(data, key))) missing.push(...oneOf);
  const causes = missing.map((key) => required(`data[${key}]`));
  const text = json === undefined ? undefined : data[json];
  if (json !== undefined && text !== undefined && !isJson(text)) {
    const shown = '<secret contents redacted>';
    causes.push(invalidAt(`data[${json}]`, shown, 'it is not JSON'));
  }
  return causes;
}

function isJson(base64: string): boolean {
  try {
    JSON.parse(Buffer.from(base64, 'base64').toString());
    return true;
  } catch {
    return false;
  }
}

function immutableCauses<T extends ConfigMap | Secret>(
  object: T,
  old: T | undefined,
  fields: readonly (keyof T & string)[],
): StatusCause[] {
  if (old?.immutable !== true) return [];
  const changed = fields.filter((field) => !jsonEqual(object[field] ?? {}, old[field] ?? {}));
  return [...(object.immutable === true ? [] : ['immutable']), ...changed].map((field) => ({
    reason: 'FieldValueForbidden',
    message: 'Forbidden: field is immutable when `immutable` is set',
    field,
  }));
}

function tooLongCauses(field: string, bytes: number): StatusCause[] {
  if (bytes <= sizeLimit) return [];
  const message = `Too long: may not be more than ${sizeLimit} bytes`;
  return [{ reason: 'FieldValueTooLong', message, field }];
}

const textBytes = (values: Values) =>
  Object.values(values).reduce((sum, value) => sum + Buffer.byteLength(value), 0);

const decodedBytes = (values: Values) =>
  Object.values(values).reduce((sum, value) => sum + Buffer.byteLength(value, 'base64'), 0);
