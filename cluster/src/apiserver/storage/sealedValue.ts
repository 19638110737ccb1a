import { hash } from 'node:crypto';

import { type ObjectFacts, readFacts } from './StoredObject.ts';

const digestLength = 22;

/**
 * An object as it is kept on the disk: its JSON, a line that says what is to be known without decoding it,
 * and a line with the checksum of both. JSON has no line break.
 */
export function sealObject(json: string, facts: ObjectFacts): string {
  const { revision, managedFieldsAt, managedFieldsLength, apiVersion } = facts;
  return seal(`${json}\n${revision} ${managedFieldsAt} ${managedFieldsLength} ${apiVersion}`);
}

/** A text without line breaks as it is kept on the disk, with its checksum. */
export function seal(text: string): string {
  return `${text}\n${digest(text)}`;
}

/** What was sealed, or undefined when it is not as it was. The first releases kept bare JSON. */
export function unseal(sealed: string): string | undefined {
  const end = sealed.length - digestLength - 1;
  if (sealed[end] !== '\n') return sealed.endsWith('}') ? sealed : undefined;
  const text = sealed.slice(0, end);
  return digest(text) === sealed.slice(end + 1) ? text : undefined;
}

/** The JSON in what `unseal` gives for an object, or in the sealed value itself. */
export function jsonOf(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

/** What `unseal` gives for an object, without decoding it where its release noted what is needed. */
export function factsOf(text: string): Omit<ObjectFacts, 'namespace' | 'name'> {
  const size = text.lastIndexOf('\n');
  if (size < 0) return readFacts(text);
  const [revision, at, length, apiVersion = ''] = text.slice(size + 1).split(' ');
  return {
    revision: Number(revision),
    apiVersion,
    size,
    managedFieldsAt: Number(at),
    managedFieldsLength: Number(length),
  };
}

/** Against accidents, not against forgers. */
function digest(text: string): string {
  return hash('md5', text, 'base64url');
}
