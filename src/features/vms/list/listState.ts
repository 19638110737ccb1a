import { type ColumnChoice, parseColumnChoice } from './columnChoice';

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
  /** Columns with their order and widths; undefined for those of this browser. */
  columns?: ColumnChoice | undefined;
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

/** `columns=name,status` and `widths=name:240`, CSS pixels; undefined where neither is there. */
function parseColumns(query: URLSearchParams): ColumnChoice | undefined {
  const [columns, widths] = [query.get('columns'), query.get('widths')];
  if (!columns && !widths) return undefined;
  const pixels = (widths ?? '').split(',').map((part) => part.split(':'));
  return parseColumnChoice({
    shown: columns?.split(','),
    widths: Object.fromEntries(pixels.map(([id = '', width]) => [id, Number(width)])),
  });
}

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
    columns: parseColumns(query),
  };
}

/** The query for a state; keys of others that are in `search` are kept, defaults are left out. */
export function formatListState(state: ListState, search: string): string {
  const query = new URLSearchParams(search);
  const own = ['name', 'q', ...facets, 'sortBy', 'orderBy', 'view', 'columns', 'widths'];
  for (const key of own) query.delete(key);
  if (state.text) query.set('name', state.text);
  for (const term of state.terms) query.append('q', term);
  for (const facet of facets) {
    for (const value of state.filters[facet]) query.append(facet, value);
  }
  if (state.sort.column !== 'name') query.set('sortBy', state.sort.column);
  if (state.sort.direction === 'desc') query.set('orderBy', 'desc');
  if (state.view === 'screens') query.set('view', 'screens');
  const { shown, widths = {} } = state.columns ?? {};
  if (shown) query.set('columns', shown.join(','));
  const pixels = Object.entries(widths).map(([id, width]) => `${id}:${width}`);
  if (pixels.length > 0) query.set('widths', pixels.join(','));
  // Commas and colons may stand in a query as they are, and are read better so (RFC 3986, section 3.4).
  const text = query.toString().replaceAll('%2C', ',');
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
