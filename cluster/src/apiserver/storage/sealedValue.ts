import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

import type { Dictionaries } from './Dictionaries.ts';
import { type ObjectFacts, readFacts } from './StoredObject.ts';

const digestLength = 22;

type Facts = Omit<ObjectFacts, 'namespace' | 'name'>;

/**
 * Packed objects begin with this byte; text never does. Then come the checksum (16 bytes) of all that
 * follows, a line with what is to be known without unpacking (revision, length, place and length of the managed
 * fields, number of the dictionary, apiVersion), and the packed JSON.
 */
const packedMark = 0x01;
const checksumEnd = 17;

/** Larger ones are packed faster, and with a window of their own size. */
const largeFrom = 2 ** 16;
const small = { level: 6, windowBits: 14, memLevel: 7, chunkSize: 4096 };
const large = { level: 1 };

/** An object as it is kept on the disk. */
export function packObject(
  json: string,
  facts: Facts,
  dictionary: { number: number; bytes: Buffer | undefined },
): Buffer {
  const { revision, size, managedFieldsAt, managedFieldsLength, apiVersion } = facts;
  const { number, bytes } = dictionary;
  const line = [revision, size, managedFieldsAt, managedFieldsLength, number, apiVersion].join(' ');
  const packed = deflateRawSync(json, {
    ...(size < largeFrom ? small : large),
    ...(bytes && { dictionary: bytes }),
  });
  const body = Buffer.concat([Buffer.from(`${line}\n`), packed]);
  return Buffer.concat([Buffer.from([packedMark]), checksumOf(body), body]);
}

/**
 * The JSON in what is kept on the disk, which earlier releases did not pack. Undefined when it is not of the
 * revision and length that are wanted.
 */
export function readJson(
  value: Buffer,
  resource: string,
  wanted: Facts,
  dictionaries: Dictionaries,
): string | undefined {
  if (value[0] !== packedMark) {
    const text = value.toString();
    const fits = text.startsWith(`\n${wanted.revision} `, wanted.size);
    return fits ? text.slice(0, wanted.size) : undefined;
  }
  const { revision, size, dictionary, end } = packedFacts(value);
  if (revision !== wanted.revision || size !== wanted.size) return undefined;
  const bytes = dictionaries.get(resource, dictionary);
  return inflateRawSync(value.subarray(end), bytes && { dictionary: bytes }).toString();
}

function packedFacts(value: Buffer) {
  const end = value.indexOf('\n', checksumEnd);
  const [revision, size, at, length, dictionary, apiVersion = ''] = value
    .toString('latin1', checksumEnd, end)
    .split(' ');
  return {
    revision: Number(revision),
    size: Number(size),
    managedFieldsAt: Number(at),
    managedFieldsLength: Number(length),
    dictionary: Number(dictionary),
    apiVersion,
    end: end + 1,
  };
}

/** A text without line breaks as it is kept on the disk, with its checksum. */
export function seal(text: string): Buffer {
  return Buffer.from(`${text}\n${digest(text)}`);
}

/** What was kept, as `unseal` gives it: packed, or as text without its checksum. */
export type Unsealed = { packed: Buffer } | { text: string };

/** What was sealed, or undefined when it is not as it was. The first releases kept bare JSON. */
export function unseal(value: Buffer): Unsealed | undefined {
  if (value[0] === packedMark) {
    const checksum = hash('md5', value.subarray(checksumEnd), 'binary');
    return checksum === value.toString('latin1', 1, checksumEnd) ? { packed: value } : undefined;
  }
  const sealed = value.toString();
  const end = sealed.length - digestLength - 1;
  if (sealed[end] !== '\n') return sealed.endsWith('}') ? { text: sealed } : undefined;
  const text = sealed.slice(0, end);
  return digest(text) === sealed.slice(end + 1) ? { text } : undefined;
}

/**
 * What `unseal` gives for an object, without decoding it where its release noted what is needed. `json` is that of
 * the first releases, which did not.
 */
export function factsOf(value: Unsealed): { facts: Facts; json: string | undefined } {
  if ('packed' in value) return { facts: packedFacts(value.packed), json: undefined };
  const { text } = value;
  const size = text.lastIndexOf('\n');
  if (size < 0) return { facts: readFacts(text), json: text };
  const [revision, at, length, apiVersion = ''] = text.slice(size + 1).split(' ');
  const facts = {
    revision: Number(revision),
    apiVersion,
    size,
    managedFieldsAt: Number(at),
    managedFieldsLength: Number(length),
  };
  return { facts, json: undefined };
}

/** 16 bytes, against accidents, not against forgers. */
const checksumOf = (body: Buffer): Buffer => hash('md5', body, 'buffer');

/** The same of a text, as text. */
function digest(text: string): string {
  return hash('md5', text, 'base64url');
}
