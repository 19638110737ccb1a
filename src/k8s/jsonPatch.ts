import { isRecord } from '~/k8s/isRecord';

/** One operation of a JSON patch (RFC 6902). */
export type PatchOperation =
  { op: 'test' | 'add' | 'replace'; path: string; value: unknown } | { op: 'remove'; path: string };

/** One place in which two objects differ; `undefined` where there is nothing. */
export type Change = { path: readonly string[]; before: unknown; after: unknown };

/** Whether two JSON values say the same; keys without a value count as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  return keysOf(a, b).every((key) => sameJson(a[key], b[key]));
}

/** Keys of both, those of the first before those that only the second has. */
export function keysOf(a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

/** JSON pointer of a path (RFC 6901). */
export function pointer(path: readonly string[]): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * What identifies an element of a list: its name, as of disks, volumes and networks. Undefined when
 * the list is none whose elements have names of their own.
 */
export function namesOf(list: readonly unknown[]): string[] | undefined {
  const names = list.map((item) => {
    if (!isRecord(item)) return undefined;
    const { name, metadata } = item;
    const found = name ?? (isRecord(metadata) ? metadata['name'] : undefined);
    return typeof found === 'string' ? found : undefined;
  });
  const known = names.filter((name) => name !== undefined);
  return known.length === list.length && new Set(known).size === list.length ? known : undefined;
}

/** The list by names, when both have them and what they share is in the same order. */
function named(before: readonly unknown[], after: readonly unknown[]) {
  const old = namesOf(before);
  const now = namesOf(after);
  if (old === undefined || now === undefined) return undefined;
  const kept = old.filter((name) => now.includes(name));
  // New elements are added at the end; anything else is another order.
  const isAppended = now.every((name, index) => name === kept[index] || index >= kept.length);
  return isAppended ? { old, now } : undefined;
}

/**
 * The smallest patch that makes `after` of `before`, led by tests of all that it replaces: what
 * somebody else changed meanwhile in the same place makes it fail as a whole, what they changed
 * elsewhere stays. Absence cannot be tested (RFC 6902 4.6): where a key is added, what surrounds it is.
 */
export function patchOf(before: unknown, after: unknown): PatchOperation[] {
  const tests = new Map<string, unknown>();
  const changes: PatchOperation[] = [];
  const removals: PatchOperation[] = [];
  const additions: PatchOperation[] = [];

  const visit = (old: unknown, now: unknown, path: readonly string[]): void => {
    if (sameJson(old, now)) return;
    if (Array.isArray(old) && Array.isArray(now)) {
      const lists = named(old, now);
      if (lists === undefined) {
        replace(old, now, path);
        return;
      }
      lists.old.forEach((name, index) => {
        const place = [...path, `${index}`];
        if (!lists.now.includes(name)) {
          tests.set(pointer(place), old[index]);
          removals.unshift({ op: 'remove', path: pointer(place) });
          return;
        }
        const item: unknown = now[lists.now.indexOf(name)];
        if (sameJson(old[index], item)) return;
        const isMetadata = isRecord(item) && typeof item['name'] !== 'string';
        tests.set(pointer([...place, ...(isMetadata ? ['metadata', 'name'] : ['name'])]), name);
        visit(old[index], item, place);
      });
      lists.now.forEach((name, index) => {
        if (lists.old.includes(name)) return;
        additions.push({ op: 'add', path: pointer([...path, '-']), value: now[index] });
      });
      return;
    }
    if (isRecord(old) && isRecord(now)) {
      for (const key of keysOf(old, now)) {
        if (old[key] === undefined && now[key] !== undefined) add(old, key, now[key], path);
        else visit(old[key], now[key], [...path, key]);
      }
      return;
    }
    replace(old, now, path);
  };

  const replace = (old: unknown, now: unknown, path: readonly string[]): void => {
    tests.set(pointer(path), old);
    if (now === undefined) changes.push({ op: 'remove', path: pointer(path) });
    else changes.push({ op: 'replace', path: pointer(path), value: now });
  };

  const add = (
    parent: Record<string, unknown>,
    key: string,
    value: unknown,
    path: readonly string[],
  ): void => {
    // The whole metadata changes with every status; its version says the same in short.
    if (pointer(path) === '/metadata') {
      tests.set('/metadata/resourceVersion', parent['resourceVersion']);
    } else if (path.length > 0) {
      tests.set(pointer(path), parent);
    }
    changes.push({ op: 'add', path: pointer([...path, key]), value });
  };

  visit(before, after, []);
  return [
    ...[...tests].map(([path, value]): PatchOperation => ({ op: 'test', path, value })),
    ...changes,
    ...removals,
    ...additions,
  ];
}

/** Where two objects differ, for people: elements of lists are called by their names. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const found: Change[] = [];
  const visit = (old: unknown, now: unknown, path: readonly string[]): void => {
    if (sameJson(old, now)) return;
    const oldNames = Array.isArray(old) ? namesOf(old) : undefined;
    const nowNames = Array.isArray(now) ? namesOf(now) : undefined;
    if (Array.isArray(old) && Array.isArray(now) && oldNames && nowNames) {
      const before = found.length;
      for (const name of new Set([...oldNames, ...nowNames])) {
        // An index of -1 has no element.
        visit(old[oldNames.indexOf(name)], now[nowNames.indexOf(name)], [...path, name]);
      }
      // Nothing but the order differs.
      if (found.length === before) found.push({ path, before: oldNames, after: nowNames });
    } else if (isRecord(old) && isRecord(now)) {
      for (const key of keysOf(old, now)) visit(old[key], now[key], [...path, key]);
    } else {
      found.push({ path, before: old, after: now });
    }
  };
  visit(before, after, []);
  return found;
}
