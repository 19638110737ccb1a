import { badRequest } from '../ApiError.ts';
import type { JsonObject } from '../json.ts';
import { messages, type Field, type Message } from './protobufMessages.ts';
import { timestamp } from '../../client/timestamp.ts';

/** Begins every protobuf body of Kubernetes (k8s.io/apimachinery, runtime/serializer/protobuf). */
const magic = Buffer.from('k8s\0');

/**
 * Decodes a body that kubectl's own commands and the Go clients send for built-in kinds
 * (`kubectl create namespace`, `kubectl auth can-i`). Which kinds, protobufMessages.ts says; for any
 * other kind the client has to send JSON.
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, 4).equals(magic)) {
    throw badRequest('the protobuf body does not begin as those of Kubernetes do');
  }
  const envelope = decodeMessage(body.subarray(4), 'Unknown');
  const type = envelope['typeMeta'] as { apiVersion?: string; kind?: string } | undefined;
  const kind = type?.kind ?? '';
  const raw = envelope['raw'];
  if (!Object.hasOwn(messages, kind) || !Buffer.isBuffer(raw)) {
    throw badRequest(`protobuf is not spoken for ${kind}: send application/json`);
  }
  return { apiVersion: type?.apiVersion ?? '', kind, ...decodeMessage(raw, kind) };
}

function decodeMessage(bytes: Buffer, name: string): JsonObject {
  const message: Message | undefined = messages[name];
  if (message === undefined) throw badRequest(`protobuf message ${name} is not known`);
  const result: JsonObject = {};
  const reader = new Reader(bytes);
  while (!reader.done) {
    const tag = reader.varint();
    const wireType = tag & 7;
    const field = message[tag >>> 3];
    const value = reader.value(wireType);
    if (field !== undefined) put(result, field, value);
  }
  return result;
}

function put(result: JsonObject, field: Field, value: number | Buffer): void {
  const { name, type } = field;
  if (typeof value === 'number') {
    result[name] = type === 'bool' ? value !== 0 : value;
    return;
  }
  if (field.shape === 'map') {
    const entry = decodeEntry(value, type);
    result[name] = { ...(result[name] as JsonObject | undefined), [entry.key]: entry.value };
  } else if (field.shape === 'list') {
    const before = (result[name] as unknown[] | undefined) ?? [];
    result[name] = [...before, decodeValue(value, type)];
  } else if (value.length > 0 || type !== 'string') {
    // The Go clients write unset strings as empty ones.
    result[name] = decodeValue(value, type);
  }
}

function decodeEntry(bytes: Buffer, type: string): { key: string; value: unknown } {
  const reader = new Reader(bytes);
  let key = '';
  let value: unknown = decodeValue(Buffer.alloc(0), type);
  while (!reader.done) {
    const tag = reader.varint();
    const part = reader.value(tag & 7);
    if (typeof part === 'number') continue;
    if (tag >>> 3 === 1) key = part.toString();
    else value = decodeValue(part, type);
  }
  return { key, value };
}

function decodeValue(bytes: Buffer, type: string): unknown {
  switch (type) {
    case 'string':
      return bytes.toString();
    case 'bytes':
      return bytes.toString('base64');
    case 'raw':
      return bytes;
    case 'time': {
      const { seconds = 0 } = decodeMessage(bytes, 'Time') as { seconds?: number };
      return seconds === 0 ? null : timestamp(seconds * 1000);
    }
    default:
      return decodeMessage(bytes, type);
  }
}

/** Reads the wire format: varints, 64 and 32 bit words, and bytes with their length. */
class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at];
      if (byte === undefined || factor > 2 ** 63) throw badRequest('the protobuf body is cut off');
      this.at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  value(wireType: number): number | Buffer {
    if (wireType === 0) return this.varint();
    const length = wireType === 2 ? this.varint() : wireType === 1 ? 8 : wireType === 5 ? 4 : -1;
    const end = this.at + length;
    if (length < 0 || end > this.bytes.length) throw badRequest('the protobuf body is cut off');
    const slice = this.bytes.subarray(this.at, end);
    this.at = end;
    return slice;
  }
}
