import { parse } from 'yaml';

import { isRecord } from '~/k8s/isRecord';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { toYaml } from '~/ui/toYaml';

/** What of an object is the user's to write. */
export function writtenPart<T extends KubernetesObject>(object: T): T {
  const metadata = { ...object.metadata };
  Reflect.deleteProperty(metadata, 'managedFields');
  const part = { ...object, metadata };
  Reflect.deleteProperty(part, 'status');
  return part;
}

/** The object with what the user wrote; status and managed fields stay as they are in `base`. */
export function withWritten<T extends KubernetesObject>(base: T, written: T): T {
  const before: Record<string, unknown> = { ...base };
  const kept: Record<string, unknown> = { ...base.metadata };
  const { managedFields } = kept;
  const { status } = before;
  return {
    ...written,
    metadata: { ...written.metadata, ...(managedFields === undefined ? {} : { managedFields }) },
    ...(status === undefined ? {} : { status }),
  };
}

export function textOf(object: KubernetesObject): string {
  return toYaml(writtenPart(object));
}

/** The object of a text, or why it is none; '' when the text is YAML but no object. */
export function objectOf<T extends KubernetesObject>(text: string): T | string {
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (!isRecord(parsed) || !isRecord(parsed['metadata'])) return '';
  // The parse boundary: the server checks the rest.
  return parsed as T;
}
