import type { RootDatabase } from 'lmdb';

import { Dictionaries } from './Dictionaries.ts';
import { factsOf, type Unsealed, unseal } from './sealedValue.ts';
import type { ObjectFacts } from './StoredObject.ts';
import { DamagedStoreError } from './storeFile.ts';

/** The key under which the revision of the last deletion is. */
export const revisionKey = 'revision';

/** `json` is that of what an earlier release wrote, which does not say its revision beside the JSON. */
export type OnObject = (resource: string, facts: ObjectFacts, json: string | undefined) => void;

/** Checks everything in the store, and hands over what there is. Throws a DamagedStoreError. */
export function readStore(
  database: RootDatabase<Buffer, string>,
  file: string,
  onObject: OnObject,
): { highestRevision: number; dictionaries: Dictionaries } {
  let highestRevision = 0;
  const dictionaries = new Dictionaries();
  const texts = new Map<string, string>();
  for (const { key, value } of entries(database, file)) {
    if ('text' in value && key === revisionKey) {
      highestRevision = Math.max(highestRevision, Number(value.text));
      continue;
    }
    if ('text' in value && Dictionaries.isKey(key)) {
      dictionaries.add({ key, text: value.text });
      continue;
    }
    const [resource = '', namespace = '', name = ''] = key.split('\n');
    const { facts, json } = factsOf(value);
    const place = {
      namespace: once(texts, namespace),
      name,
      apiVersion: once(texts, facts.apiVersion),
    };
    onObject(once(texts, resource), { ...facts, ...place }, json);
    highestRevision = Math.max(highestRevision, facts.revision);
  }
  return { highestRevision, dictionaries };
}

function* entries(
  database: RootDatabase<Buffer, string>,
  file: string,
): Generator<{ key: string; value: Unsealed }> {
  let count = 0;
  try {
    for (const { key, value: sealed } of database.getRange()) {
      const value = unseal(sealed);
      if (value === undefined) {
        const what = key.split('\n').join(' ');
        throw new DamagedStoreError(file, `${what} does not fit its checksum`);
      }
      count += 1;
      yield { key, value };
    }
  } catch (error) {
    if (error instanceof DamagedStoreError) throw error;
    throw new DamagedStoreError(file, String(error), { cause: error });
  }
  const { entryCount } = database.getStats() as { entryCount: number };
  if (count === entryCount) return;
  throw new DamagedStoreError(file, `${count} of ${entryCount} objects can be read`);
}

/** The same text for equal ones, so that memory has it once. */
function once(texts: Map<string, string>, text: string): string {
  const known = texts.get(text);
  if (known === undefined) texts.set(text, text);
  return known ?? text;
}
