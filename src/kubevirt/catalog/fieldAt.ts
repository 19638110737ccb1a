import { isRecord } from '~/k8s/isRecord';

/** The value at a path of keys and indexes; undefined where there is nothing. */
export function readAt(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (Array.isArray(at)) return at[Number(key)];
    return isRecord(at) ? at[key] : undefined;
  }, object);
}

/**
 * A copy of the object with another value at the path and all else as it is. Undefined takes the key
 * away, and what is empty by that: an object that a form has filled and emptied is as it was.
 */
export function writeAt<T extends object>(object: T, path: readonly string[], value: unknown): T {
  // The parse boundary: what is not at the path keeps its type.
  return (writeIn(object, path, value) ?? {}) as T;
}

function writeIn(object: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(object)) {
    return object.map((item: unknown, index) =>
      index === Number(key) ? (writeIn(item, rest, value) ?? {}) : item,
    );
  }
  const before = isRecord(object) ? object : {};
  const next = writeIn(before[key], rest, value);
  if (next === undefined) {
    const others = Object.fromEntries(Object.entries(before).filter(([name]) => name !== key));
    return Object.keys(others).length === 0 ? undefined : others;
  }
  return { ...before, [key]: next };
}
