import { timestamp } from '../../../client/timestamp.ts';
import { badRequest, unsupportedMediaType } from '../../ApiError.ts';
import type { JsonObject } from '../../json.ts';
import { messageNamed, type Field } from './messages.ts';
import { WireReader } from './WireReader.ts';

/** Begins every protobuf body of Kubernetes (k8s.io/apimachinery, runtime/serializer/protobuf). */
const magic = Buffer.from('k8s\0');
/** Deeper than any message of the built-in kinds. */
const maxDepth = 100;

/**
 * Decodes a body in protobuf, which kubectl's own commands (`kubectl create deployment`) and many Go
 * clients send for built-in kinds. Throws 400 for what is no such body, 415 for another kind: custom resources
 * have no protobuf in Kubernetes either.
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, 4).equals(magic)) {
    throw badRequest('the protobuf body does not begin as those of Kubernetes do');
  }
  // runtime.Unknown: 1 typeMeta (1 apiVersion, 2 kind), 2 raw.
  const envelope = fieldsOf(body.subarray(4));
  const type = fieldsOf(envelope.get(1) ?? Buffer.alloc(0));
  const apiVersion = type.get(1)?.toString() ?? '';
  const kind = type.get(2)?.toString() ?? '';
  const name = messageOf(apiVersion, kind);
  if (messageNamed(name) === undefined) {
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  }
  return { apiVersion, kind, ...decodeMessage(envelope.get(2) ?? Buffer.alloc(0), name, 0) };
}

/** `core.Pod`, `rbac.Role`: the packages of k8s.io/api are the first words of their groups. */
function messageOf(apiVersion: string, kind: string): string {
  if (kind === 'DeleteOptions') return `meta.${kind}`;
  const [, group = 'core'] = apiVersion.split('/').reverse();
  return `${group.split('.', 1).join('')}.${kind}`;
}

function fieldsOf(bytes: Buffer): Map<number, Buffer> {
  const fields = new Map<number, Buffer>();
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { number, value } = reader.field();
    if (typeof value !== 'number') fields.set(number, value);
  }
  return fields;
}

function decodeMessage(bytes: Buffer, name: string, depth: number): JsonObject {
  const message = messageNamed(name);
  if (message === undefined || depth > maxDepth) {
    throw badRequest(`the protobuf message ${name} cannot be decoded`);
  }
  const result: JsonObject = {};
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { number, value } = reader.field();
    const field = message.get(number);
    if (field !== undefined) put(result, field, value, depth);
  }
  return result;
}

function put(result: JsonObject, field: Field, value: number | Buffer, depth: number): void {
  const { name, type, shape } = field;
  if (name === '') {
    if (typeof value !== 'number') Object.assign(result, decodeMessage(value, type, depth + 1));
    return;
  }
  const before = result[name];
  if (shape === 'map' && typeof value !== 'number') {
    const [key, decoded] = decodeEntry(value, type, depth);
    // Not by assignment: a key may be `__proto__`, which the checks of the body then refuse.
    const entry = Object.fromEntries([[key, decoded]]);
    result[name] = { ...(before as JsonObject | undefined), ...entry };
    return;
  }
  const decoded = decodeValue(value, type, depth);
  if (shape === 'list') {
    result[name] = [...((before as unknown[] | undefined) ?? []), decoded];
  } else if (!isUnset(field, decoded)) result[name] = decoded;
}

/** Go writes fields that are not set as empty or zero; its JSON leaves them out. */
function isUnset({ omitZero }: Field, decoded: unknown): boolean {
  return decoded === '' || decoded === null || (omitZero && (decoded === 0 || decoded === false));
}

function decodeEntry(bytes: Buffer, type: string, depth: number): [string, unknown] {
  const fields = fieldsOf(bytes);
  const value = fields.get(2) ?? Buffer.alloc(0);
  return [fields.get(1)?.toString() ?? '', decodeValue(value, type, depth)];
}

function decodeValue(value: number | Buffer, type: string, depth: number): unknown {
  if (typeof value === 'number') return type === 'bool' ? value !== 0 : value;
  switch (type) {
    case 'string':
      return value.toString();
    case 'bytes':
      return value.toString('base64');
    case 'quantity':
      return fieldsOf(value).get(1)?.toString() ?? '0';
    case 'json':
      return decodeJson(fieldsOf(value).get(1));
    case 'strings':
      return stringsOf(value);
    case 'time':
    case 'intOrString':
      return decodeNumbered(value, type);
    default:
      return decodeMessage(value, type, depth + 1);
  }
}

function decodeJson(text: Buffer | undefined): unknown {
  if (text === undefined || text.length === 0) return null;
  try {
    return JSON.parse(text.toString());
  } catch (error) {
    throw badRequest(`the protobuf body holds JSON that is not valid: ${String(error)}`);
  }
}

/** A list of strings that is a message of its own. */
function stringsOf(bytes: Buffer): string[] {
  const texts: string[] = [];
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { value } = reader.field();
    if (typeof value !== 'number') texts.push(value.toString());
  }
  return texts;
}

/** Time: 1 seconds, 2 nanos. IntOrString: 1 type (1 for a string), 2 number, 3 string. */
function decodeNumbered(bytes: Buffer, type: 'time' | 'intOrString'): unknown {
  const fields = new Map<number, number | Buffer>();
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { number, value } = reader.field();
    fields.set(number, value);
  }
  const first = Number(fields.get(1) ?? 0);
  const second = Number(fields.get(2) ?? 0);
  if (type === 'intOrString') return first === 1 ? (fields.get(3)?.toString() ?? '') : second;
  if (first === 0) return null;
  if (second === 0) return timestamp(first * 1000);
  // MicroTime is the one time that has parts of a second.
  const micros = String(Math.floor(second / 1000)).padStart(6, '0');
  return timestamp(first * 1000).replace('Z', `.${micros}Z`);
}
