import type { VmListRow } from '~/kubevirt/vmListRow';

/** What a row is sorted by; nothing and '' come last in either direction. */
export type RowOrder = (row: VmListRow) => string | number | undefined;

export interface RowSorting {
  order: RowOrder;
  direction: 'asc' | 'desc';
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isMissing(value: string | number | undefined): boolean {
  return value === undefined || value === '' || Number.isNaN(value);
}

/** Rows without a value come last in either direction; equal ones by name. */
function comparer({ order, direction }: RowSorting): (a: VmListRow, b: VmListRow) => number {
  const sign = direction === 'asc' ? 1 : -1;
  return (a, b) => {
    const left = order(a);
    const right = order(b);
    const isLeftMissing = isMissing(left);
    if (isLeftMissing !== isMissing(right)) return isLeftMissing ? 1 : -1;
    const difference =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : compareText(String(left ?? ''), String(right ?? ''));
    return (
      sign * difference ||
      compareText(a.nameOrder, b.nameOrder) ||
      compareText(a.namespace, b.namespace)
    );
  };
}

function merge(
  a: readonly VmListRow[],
  b: readonly VmListRow[],
  order: (a: VmListRow, b: VmListRow) => number,
): readonly VmListRow[] {
  if (b.length === 0) return a;
  const merged: VmListRow[] = [];
  let at = 0;
  for (const row of a) {
    for (let next = b[at]; next && order(next, row) < 0; next = b[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(row);
  }
  return merged.concat(b.slice(at));
}

/**
 * Sorts, and remembers: of a list that was sorted the same way the last time only the rows that are
 * new are sorted, and put among the others. Row objects are never changed. All rows are sorted and
 * then filtered, which keeps the order: so nothing is sorted while somebody types.
 */
export function createRowSort(): (
  rows: readonly VmListRow[],
  sorting: RowSorting,
) => readonly VmListRow[] {
  let sorted: readonly VmListRow[] = [];
  let known = new Set<VmListRow>();
  let by: RowSorting | undefined;
  return (rows, sorting) => {
    const compare = comparer(sorting);
    const isSame = by?.order === sorting.order && by.direction === sorting.direction;
    const now = new Set(rows);
    const kept = isSame ? sorted.filter((row) => now.has(row)) : [];
    const added = isSame ? rows.filter((row) => !known.has(row)) : [...rows];
    sorted = merge(kept, added.sort(compare), compare);
    known = now;
    by = sorting;
    return sorted;
  };
}
