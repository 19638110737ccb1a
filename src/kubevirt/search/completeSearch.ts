import { parseSearch, quoteSearchValue } from '~/kubevirt/search/search';
import { searchFields } from '~/kubevirt/search/searchFields';
import type { VmListRow } from '~/kubevirt/vmListRow';

/** Something that can take the place of what is being typed. */
export interface SearchSuggestion {
  /** The text with it, and where the cursor is then. */
  text: string;
  cursor: number;
  /** What is shown. */
  label: string;
  /** An example for a field; empty for a value. */
  example: string;
  /** Rows that have the value; undefined for a field. */
  count: number | undefined;
}

const MOST = 10;

/** Names of fields, or values of one, that fit what stands before the cursor. */
export function completeSearch(
  text: string,
  cursor: number,
  rows: readonly VmListRow[],
): readonly SearchSuggestion[] {
  const term = parseSearch(text).find(({ start, end }) => start < cursor && cursor <= end);
  const start = term ? term.start : cursor;
  const end = term ? term.end : cursor;
  const replaced = (by: string, suffix: string) => {
    const before = text.slice(0, start) + (term?.isNegated ? '-' : '') + by + suffix;
    return { text: before + text.slice(end), cursor: before.length };
  };
  const field = term?.field;
  if (!field) {
    const typed = (term?.values[0] ?? '').toLowerCase();
    return searchFields
      .filter(({ name }) => name.startsWith(typed) && name !== typed)
      .map(({ name, example, values }) => ({
        ...replaced(name, values ? ':' : '>'),
        label: name,
        example,
        count: undefined,
      }));
  }
  if (!field.values) return [];
  const chosen = term.values.slice(0, -1);
  const typed = (term.values.at(-1) ?? '').toLowerCase();
  return valuesOf(rows, field.values)
    .filter(({ value }) => value.toLowerCase().includes(typed) && !chosen.includes(value))
    .slice(0, MOST)
    .map(({ value, count }) => ({
      ...replaced(
        `${field.name}${term.operator}${[...chosen, value].map(quoteSearchValue).join(',')}`,
        '',
      ),
      label: value,
      example: '',
      count,
    }));
}

/** Values by how many rows have them, the most frequent first. */
export function valuesOf(
  rows: readonly VmListRow[],
  of: (row: VmListRow) => readonly string[],
): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const value of of(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
