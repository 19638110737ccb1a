import type { VmListRow } from '~/kubevirt/vmRow';

export const SORT_COLUMNS = ['name', 'project', 'status', 'node', 'ip', 'created'] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

/** What the user chose in the list; kept in the URL, so that it can be sent to others. */
export interface VmListState {
  /** Part of the name. */
  name: string;
  /** Printable statuses; empty means all. */
  statuses: readonly string[];
  /** Projects; empty means all. */
  projects: readonly string[];
  sort: { column: SortColumn; direction: 'asc' | 'desc' };
}

/** Reads a URL's query. What it does not know is left out. */
export function parseListState(search: string): VmListState {
  const query = new URLSearchParams(search);
  const column = SORT_COLUMNS.find((one) => one === query.get('sortBy')) ?? 'name';
  return {
    name: query.get('name') ?? '',
    statuses: query.getAll('status'),
    projects: query.getAll('project'),
    sort: { column, direction: query.get('orderBy') === 'desc' ? 'desc' : 'asc' },
  };
}

/** The query for a state; keys of others that are in `search` are kept, defaults are left out. */
export function formatListState(state: VmListState, search: string): string {
  const query = new URLSearchParams(search);
  for (const key of ['name', 'status', 'project', 'sortBy', 'orderBy']) query.delete(key);
  if (state.name) query.set('name', state.name);
  for (const status of state.statuses) query.append('status', status);
  for (const project of state.projects) query.append('project', project);
  if (state.sort.column !== 'name') query.set('sortBy', state.sort.column);
  if (state.sort.direction === 'desc') query.set('orderBy', 'desc');
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

export function isFiltered(state: VmListState): boolean {
  return state.name !== '' || state.statuses.length > 0 || state.projects.length > 0;
}

/** A choice of a filter and how many rows it would show, given the other filters. */
export interface FilterOption {
  value: string;
  count: number;
}

export interface FilteredRows {
  rows: readonly VmListRow[];
  statuses: readonly FilterOption[];
  projects: readonly FilterOption[];
}

function options(counts: Map<string, number>, chosen: readonly string[]): FilterOption[] {
  // A chosen value stays in the menu when its last row has gone, else it could not be unchosen.
  for (const value of chosen) if (!counts.has(value)) counts.set(value, 0);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** Applies the filters in one pass. */
export function filterRows(rows: readonly VmListRow[], state: VmListState): FilteredRows {
  const part = state.name.trim().toLowerCase();
  const shown: VmListRow[] = [];
  const statuses = new Map<string, number>();
  const projects = new Map<string, number>();
  for (const row of rows) {
    if (part !== '' && !row.name.includes(part)) continue;
    const hasStatus = state.statuses.length === 0 || state.statuses.includes(row.status);
    const hasProject = state.projects.length === 0 || state.projects.includes(row.namespace);
    if (hasProject) statuses.set(row.status, (statuses.get(row.status) ?? 0) + 1);
    if (hasStatus) projects.set(row.namespace, (projects.get(row.namespace) ?? 0) + 1);
    if (hasStatus && hasProject) shown.push(row);
  }
  return {
    rows: shown,
    statuses: options(statuses, state.statuses),
    projects: options(projects, state.projects),
  };
}

const ORDERS = {
  name: (row) => row.nameOrder,
  project: (row) => row.namespace,
  status: (row) => row.status,
  node: (row) => row.node,
  ip: (row) => row.ipOrder,
  created: (row) => row.created,
} satisfies Record<SortColumn, (row: VmListRow) => string>;

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type Sort = VmListState['sort'];

/** Rows without a value come last in either direction; equal ones by name. */
function comparer({ column, direction }: Sort): (a: VmListRow, b: VmListRow) => number {
  const order = ORDERS[column];
  const sign = direction === 'asc' ? 1 : -1;
  return (a, b) => {
    const left = order(a);
    const right = order(b);
    if (left === '' || right === '') {
      if (left !== right) return left === '' ? 1 : -1;
    }
    return (
      sign * compare(left, right) ||
      compare(a.nameOrder, b.nameOrder) ||
      compare(a.namespace, b.namespace)
    );
  };
}

function merge(
  a: readonly VmListRow[],
  b: readonly VmListRow[],
  order: (a: VmListRow, b: VmListRow) => number,
): readonly VmListRow[] {
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
 * new are sorted, and put among the others. Row objects are never changed.
 */
export function createRowSort(): (rows: readonly VmListRow[], sort: Sort) => readonly VmListRow[] {
  let sorted: readonly VmListRow[] = [];
  let known = new Set<VmListRow>();
  let by: Sort | undefined;
  return (rows, sort) => {
    const order = comparer(sort);
    const isSame = by?.column === sort.column && by.direction === sort.direction;
    const now = new Set(rows);
    const kept = isSame ? sorted.filter((row) => now.has(row)) : [];
    const added = isSame ? rows.filter((row) => !known.has(row)) : [...rows];
    sorted = merge(kept, added.sort(order), order);
    known = now;
    by = sort;
    return sorted;
  };
}
