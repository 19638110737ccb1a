import { parse } from 'yaml';
import { badRequest, unsupportedMediaType } from '../ApiError.ts';
import { decodeProtobuf } from './protobuf.ts';

const json = 'application/json';
const yaml = 'application/yaml';
const protobuf = 'application/vnd.kubernetes.protobuf';

/** Decodes a JSON, YAML or (for some kinds) protobuf body; undefined when there is none. */
export function decodeBody(contentType: string | undefined, body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const type = mediaType(contentType);
  if (type === protobuf) return decodeProtobuf(body);
  if (type.includes('cbor')) throw unsupportedMediaType([json, yaml, protobuf]);
  const text = body.toString();
  const isYaml = type.includes('yaml');
  try {
    return isYaml ? (parse(text) as unknown) : (JSON.parse(text) as unknown);
  } catch (error) {
    const what = isYaml ? 'YAML' : 'JSON';
    throw badRequest(`the request body is not valid ${what}: ${String(error)}`);
  }
}

/** `application/json` of `application/json; charset=utf-8`; JSON when nothing is said. */
export function mediaType(contentType: string | undefined): string {
  const type = (contentType ?? '').split(';', 1).join('').trim().toLowerCase();
  return type === '' ? json : type;
}
