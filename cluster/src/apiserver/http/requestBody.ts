import { parse } from 'yaml';
import { badRequest, unsupportedMediaType } from '../ApiError.ts';
import { decodeProtobuf } from './protobuf/decodeProtobuf.ts';

const json = 'application/json';
const yaml = 'application/yaml';
const protobuf = 'application/vnd.kubernetes.protobuf';

/** Decodes the body of a write to a resource: as decodeBody, but only of types that are said to be taken. */
export function decodeObject(contentType: string | undefined, body: Buffer): unknown {
  const type = mediaType(contentType);
  if (![json, yaml, protobuf].includes(type)) throw unsupportedMediaType([json, yaml, protobuf]);
  return decodeBody(type, body);
}

/** Decodes a JSON, YAML or (for some kinds) protobuf body; undefined when there is none. */
export function decodeBody(contentType: string | undefined, body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const type = mediaType(contentType);
  if (type.includes('cbor')) throw unsupportedMediaType([json, yaml, protobuf]);
  const value = type === protobuf ? decodeProtobuf(body) : decodeText(type, body.toString());
  requirePlain(value, 0);
  return value;
}

function decodeText(type: string, text: string): unknown {
  const isYaml = type.includes('yaml');
  try {
    return isYaml ? parse(text, { maxAliasCount: 100, logLevel: 'error' }) : JSON.parse(text);
  } catch (error) {
    const what = isYaml ? 'YAML' : 'JSON';
    throw badRequest(`the request body is not valid ${what}: ${String(error)}`);
  }
}

/** Deeper than any object that is meant; what walks objects here does so by recursion. */
const maxDepth = 500;

/**
 * Refuses what could do harm further on: endless nesting, and a field `__proto__`, which in this
 * language is not a field like others.
 */
function requirePlain(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > maxDepth) throw badRequest(`the request body is nested deeper than ${maxDepth}`);
  if (Array.isArray(value)) {
    for (const item of value) requirePlain(item, depth + 1);
    return;
  }
  for (const [name, field] of Object.entries(value)) {
    if (name === '__proto__') throw badRequest('the field name "__proto__" is not taken');
    requirePlain(field, depth + 1);
  }
}

/** `application/json` of `application/json; charset=utf-8`; JSON when nothing is said. */
export function mediaType(contentType: string | undefined): string {
  const type = (contentType ?? '').split(';', 1).join('').trim().toLowerCase();
  return type === '' ? json : type;
}
