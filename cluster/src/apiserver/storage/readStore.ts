import type { RootDatabase } from 'lmdb';

import { factsOf, jsonOf, unseal } from './sealedValue.ts';
import type { ObjectFacts } from './StoredObject.ts';
import { DamagedStoreError } from './storeFile.ts';

/** The key under which the revision of the last deletion is. */
export const revisionKey = 'revision';

export interface FoundObject {
  readonly resource: string;
  readonly facts: ObjectFacts;
  /** Of what an earlier release wrote, which does not say its revision beside the JSON. */
  readonly json: string | undefined;
}

/** Checks everything in the store, and tells what there is. Throws a DamagedStoreError. */
export function readStore(
  database: RootDatabase<string, string>,
  file: string,
): { highestRevision: number; objects: FoundObject[] } {
  let highestRevision = 0;
  const objects: FoundObject[] = [];
  const texts = new Map<string, string>();
  for (const { key, value } of entries(database, file)) {
    if (key === revisionKey) {
      highestRevision = Math.max(highestRevision, Number(value));
      continue;
    }
    const [resource = '', namespace = '', name = ''] = key.split('\n');
    const facts = factsOf(value);
    objects.push({
      resource: once(texts, resource),
      facts: {
        ...facts,
        namespace: once(texts, namespace),
        name,
        apiVersion: once(texts, facts.apiVersion),
      },
      json: jsonOf(value) === value ? value : undefined,
    });
    highestRevision = Math.max(highestRevision, facts.revision);
  }
  return { highestRevision, objects };
}

function* entries(
  database: RootDatabase<string, string>,
  file: string,
): Generator<{ key: string; value: string }> {
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
