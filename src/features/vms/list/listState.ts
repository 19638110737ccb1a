/** What can be chosen from menus. */
export const facets = [
  'status',
  'project',
  'group',
  'node',
  'os',
  'instancetype',
  'storageclass',
] as const;
export type Facet = (typeof facets)[number];

/** What the user chose in the list; kept in the URL, so that it can be sent to others. */
export interface ListState {
  /** What is being typed into the search; counts at once. */
  text: string;
  /** Parts of the search that are finished; all must hold. */
  terms: readonly string[];
  /** Chosen values; none means all. */
  filters: Readonly<Record<Facet, readonly string[]>>;
  sort: { column: string; direction: 'asc' | 'desc' };
  /** Rows of a table, or the wall of screens. */
  view: 'table' | 'screens';
}

const noFilters: ListState['filters'] = {
  status: [],
  project: [],
  group: [],
  node: [],
  os: [],
  instancetype: [],
  storageclass: [],
};

/** Nothing is searched for and nothing filtered. */
export const allRows = { text: '', terms: [], filters: noFilters } satisfies Partial<ListState>;

/**
 * Reads a URL's query. What it does not know is left out. `name` is what the console's own links to
 * lists carry: a part of the name.
 */
export function parseListState(search: string): ListState {
  const query = new URLSearchParams(search);
  const filters = facets.reduce<ListState['filters']>(
    (all, facet) => ({ ...all, [facet]: query.getAll(facet) }),
    noFilters,
  );
  return {
    text: query.get('name') ?? '',
    terms: query.getAll('q'),
    filters,
    sort: {
      column: query.get('sortBy') ?? 'name',
      direction: query.get('orderBy') === 'desc' ? 'desc' : 'asc',
    },
    view: query.get('view') === 'screens' ? 'screens' : 'table',
  };
}

/** The query for a state; keys of others that are in `search` are kept, defaults are left out. */
export function formatListState(state: ListState, search: string): string {
  const query = new URLSearchParams(search);
  for (const key of ['name', 'q', ...facets, 'sortBy', 'orderBy', 'view']) query.delete(key);
  if (state.text) query.set('name', state.text);
  for (const term of state.terms) query.append('q', term);
  for (const facet of facets) {
    for (const value of state.filters[facet]) query.append(facet, value);
  }
  if (state.sort.column !== 'name') query.set('sortBy', state.sort.column);
  if (state.sort.direction === 'desc') query.set('orderBy', 'desc');
  if (state.view === 'screens') query.set('view', 'screens');
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Whether fewer than all rows may be shown. */
export function isFiltered({ text, terms, filters }: ListState): boolean {
  return text.trim() !== '' || terms.length > 0 || facets.some((one) => filters[one].length > 0);
}

/** The state with other choices of one filter. */
export function withFilter(
  { filters }: ListState,
  facet: Facet,
  chosen: readonly string[],
): Pick<ListState, 'filters'> {
  return { filters: { ...filters, [facet]: chosen } };
}
