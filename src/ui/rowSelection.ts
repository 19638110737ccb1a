/** Rows that are selected, and the one from which a range is counted. */
export interface RowSelection {
  keys: ReadonlySet<string>;
  /** Key of the row that was selected last. */
  anchor: string | undefined;
}

export const noSelection: RowSelection = { keys: new Set(), anchor: undefined };

/** Selects one row, or takes it out. */
export function selectionToggle({ keys }: RowSelection, key: string): RowSelection {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return { keys: next, anchor: key };
}

/**
 * Adds all rows from the anchor to this one, as a click with Shift does. Without an anchor among the
 * rows it is the one row.
 * @param rows keys in the order in which they are shown
 */
export function selectionExtend(
  { keys, anchor }: RowSelection,
  rows: readonly string[],
  key: string,
): RowSelection {
  const to = rows.indexOf(key);
  const from = anchor === undefined ? to : rows.indexOf(anchor);
  if (to < 0) return { keys, anchor };
  const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  return {
    keys: new Set([...keys, ...rows.slice(first, last + 1)]),
    anchor: from < 0 ? key : anchor,
  };
}

/** Selects all that are shown, or none when all are. */
export function selectionAll({ keys }: RowSelection, rows: readonly string[]): RowSelection {
  const isAll = rows.length > 0 && rows.every((key) => keys.has(key));
  return isAll ? noSelection : { keys: new Set(rows), anchor: undefined };
}
