import { isRecord } from '~/k8s/isRecord';

/** Rows are flat, but for lists of small records (addresses, conditions). */
const deepest = 3;

/**
 * Whether two rows show the same. Compares by value, three levels deep; below that, and for anything
 * that is neither a plain object nor an array, by identity. A wrong "no" costs one rendered row.
 */
export function sameRow(a: unknown, b: unknown, depth = deepest): boolean {
  if (Object.is(a, b)) return true;
  if (depth === 0) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameRow(item, b[index], depth - 1));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => key in b && sameRow(a[key], b[key], depth - 1))
  );
}
