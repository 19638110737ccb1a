import { valuesOf } from '~/kubevirt/search/completeSearch';
import { compileSearch, type SearchMistake } from '~/kubevirt/search/search';
import type { RowTest } from '~/kubevirt/search/searchFields';
import type { VmListRow } from '~/kubevirt/vmListRow';

import { type Facet, facets, type ListState } from './listState';

const one = (value: string) => (value === '' ? [] : [value]);

/** The values of a row that a filter chooses from. */
const VALUES: Record<Facet, (row: VmListRow) => readonly string[]> = {
  status: (row) => [row.status],
  project: (row) => [row.namespace],
  group: (row) => one(row.group),
  node: (row) => one(row.node),
  os: (row) => one(row.os),
  instancetype: (row) => one(row.instancetype),
  storageclass: (row) => row.storageClasses,
};

function testOf(state: Pick<ListState, 'filters'>, facet: Facet): RowTest | undefined {
  const chosen = new Set(state.filters[facet]);
  if (chosen.size === 0) return undefined;
  const values = VALUES[facet];
  return (row) => values(row).some((value) => chosen.has(value));
}

export interface RowFilter {
  matches: RowTest;
  mistakes: readonly SearchMistake[];
}

/** All that the user asked for as one test of a row; `except` leaves one filter out. */
export function rowFilter(
  state: Pick<ListState, 'text' | 'terms' | 'filters'>,
  now: number,
  except?: Facet,
): RowFilter {
  const search = compileSearch([...state.terms, state.text].join(' '), now);
  const tests = facets.flatMap((facet) => {
    const test = facet === except ? undefined : testOf(state, facet);
    return test ? [test] : [];
  });
  const matches: RowTest =
    tests.length === 0
      ? search.matches
      : (row) => tests.every((test) => test(row)) && search.matches(row);
  return { matches, mistakes: search.mistakes };
}

/** A choice of a filter and how many rows it would show, given the other filters. */
export interface FacetOption {
  value: string;
  count: number;
}

/**
 * The choices of one filter, by name. Made when its menu is open only: to count all of them at every
 * change would cost more than all else. A chosen value stays when its last row has gone, else it
 * could not be unchosen.
 */
export function facetOptions(
  rows: readonly VmListRow[],
  state: ListState,
  facet: Facet,
  now: number,
): readonly FacetOption[] {
  const { matches } = rowFilter(state, now, facet);
  const found = valuesOf(rows.filter(matches), VALUES[facet]);
  const known = new Set(found.map(({ value }) => value));
  const gone = state.filters[facet].filter((value) => !known.has(value));
  return [...found, ...gone.map((value) => ({ value, count: 0 }))].sort((a, b) =>
    a.value < b.value ? -1 : 1,
  );
}
