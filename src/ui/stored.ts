import { useState } from 'react';

/**
 * Something of this user that the browser keeps between visits, as JSON. `parse` decides what to make
 * of what an older version, or somebody else, wrote; it gets undefined when there is nothing.
 */
export function storedRead<T>(key: string, parse: (json: unknown) => T): T {
  try {
    const text = localStorage.getItem(key);
    return parse(text === null ? undefined : JSON.parse(text));
  } catch {
    // A browser may refuse to keep anything, or the text is no JSON: the same as nothing.
    return parse(undefined);
  }
}

/** Gives false when the browser refuses to keep it: then it holds until the page is left. */
export function storedWrite(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** The same as state of a component. `parse` is at module scope. */
export function useStored<T>(key: string, parse: (json: unknown) => T): [T, (value: T) => void] {
  const [value, setValue] = useState(() => storedRead(key, parse));
  return [
    value,
    (next) => {
      setValue(next);
      storedWrite(key, next);
    },
  ];
}
