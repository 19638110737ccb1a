import { type PatchOperation, pointer } from '~/k8s/jsonPatch';

/**
 * Changes a map of texts from what the user saw to what they want: only keys that they touched, each
 * with a test of its old value, so that nobody's change in between is overwritten.
 * @param path of the map, `/metadata/labels`
 */
export function patchMap(
  path: string,
  before: Readonly<Record<string, string>> | undefined,
  after: Readonly<Record<string, string>>,
): readonly PatchOperation[] {
  const old = before ?? {};
  const changed = Object.keys({ ...old, ...after }).filter((key) => old[key] !== after[key]);
  if (changed.length === 0) return [];
  if (before === undefined) return [{ op: 'add', path, value: after }];
  return changed.flatMap((key): readonly PatchOperation[] => {
    const at = path + pointer([key]);
    const value = after[key];
    const is = old[key];
    const test = is === undefined ? [] : [{ op: 'test' as const, path: at, value: is }];
    return value === undefined
      ? [...test, { op: 'remove', path: at }]
      : [...test, { op: is === undefined ? 'add' : 'replace', path: at, value }];
  });
}
