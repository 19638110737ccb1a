import { Button, Toolbar, ToolbarContent, ToolbarGroup, ToolbarItem } from '@patternfly/react-core';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { type ReactNode, useMemo, useState } from 'react';

import { EmptyPage } from './EmptyPage';
import { FilterSelect } from './FilterSelect';
import type { Sort } from './HeaderCell';
import './forms.css';
import { noSelection } from './rowSelection';
import { SearchBox } from './SearchBox';
import type { Column } from './TableRow';
import { VirtualTable } from './VirtualTable';

export interface SortableColumn<Row> extends Column<Row> {
  /** Ascending; absent for a column that cannot be sorted. */
  order?: (a: Row, b: Row) => number;
}

/** A filter by one property: rows that have one of the chosen values are shown. */
export interface Facet<Row> {
  id: string;
  label: string;
  valuesOf: (row: Row) => readonly string[];
  /** The value for people. */
  text: (value: string) => string;
}

export interface FilteredTableTexts<Row> {
  /** Name of the table. */
  label: string;
  search: string;
  searchPlaceholder: string;
  clearSearch: string;
  suggestions: string;
  filters: string;
  count: (count: number) => string;
  countOf: (shown: number, total: number) => string;
  noMatch: string;
  noMatchHint: string;
  clearFilters: string;
  nothingToChoose: string;
  selectRow: (row: Row) => string;
  selectAll: (count: number) => string;
}

interface Props<Row> {
  texts: FilteredTableTexts<Row>;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** At module scope, or memoised: rows are drawn anew when they change. */
  columns: readonly SortableColumn<Row>[];
  /** Absent: by the first column that can be sorted. */
  defaultOrder?: (a: Row, b: Row) => number;
  facets: readonly Facet<Row>[];
  /** What the search looks in. */
  searched: (row: Row) => readonly string[];
  onOpen: (row: Row) => void;
  /** What can be done with the selected rows; without it none can be selected. */
  bulk?: (selected: readonly Row[], onDone: () => void) => ReactNode;
}

const TOOLBAR_SPACE = { rowGap: 'var(--pf-t--global--spacer--sm)', paddingBlock: 0 };

type Chosen = Readonly<Record<string, readonly string[]>>;

/** The facets that a row does not fit, of which `except` does not count. */
function fits<Row>(row: Row, facets: readonly Facet<Row>[], chosen: Chosen, except = ''): boolean {
  return facets.every(({ id, valuesOf }) => {
    const wanted = chosen[id] ?? [];
    return (
      id === except || wanted.length === 0 || valuesOf(row).some((one) => wanted.includes(one))
    );
  });
}

/** Values of a facet with the number of rows that the other facets leave. */
function optionsOf<Row>(
  facet: Facet<Row>,
  rows: readonly Row[],
  facets: readonly Facet<Row>[],
  chosen: Chosen,
) {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const counts1 = fits(row, facets, chosen, facet.id) ? 1 : 0;
    for (const value of new Set(facet.valuesOf(row))) {
      counts.set(value, (counts.get(value) ?? 0) + counts1);
    }
  }
  return [...counts]
    .map(([value, count]) => ({ value, label: facet.text(value), count }))
    .sort((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }));
}

/** A list of any length with a search, filters, sorting and selection. */
export function FilteredTable<Row>(props: Props<Row>) {
  const { texts, rows, rowKey, columns, defaultOrder, facets, searched, bulk } = props;
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Chosen>({});
  const [sort, setSort] = useState<Sort>({
    column: defaultOrder ? '' : (columns.find(({ order }) => order)?.id ?? ''),
    direction: 'asc',
  });
  const [selection, setSelection] = useState(noSelection);

  const order = columns.find(({ id }) => id === sort.column)?.order ?? defaultOrder;
  const sorted = useMemo(() => {
    if (!order) return rows;
    const sign = sort.direction === 'asc' ? 1 : -1;
    return [...rows].sort((a, b) => sign * order(a, b));
  }, [rows, order, sort.direction]);
  const shown = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return sorted.filter((row) => {
      if (!fits(row, facets, chosen)) return false;
      if (words.length === 0) return true;
      const where = searched(row).join('\n').toLowerCase();
      return words.every((word) => where.includes(word));
    });
  }, [sorted, facets, chosen, searched, text]);
  const selected = useMemo(
    () => shown.filter((row) => selection.keys.has(rowKey(row))),
    [shown, selection, rowKey],
  );
  const isFiltered =
    text.trim() !== '' || Object.values(chosen).some((values) => values.length > 0);

  return (
    <div className="vd-filtered-table">
      <SearchBox
        label={texts.search}
        placeholder={texts.searchPlaceholder}
        clearLabel={texts.clearSearch}
        suggestionsLabel={texts.suggestions}
        value={text}
        onChange={setText}
        onCommit={setText}
        suggest={() => []}
      />
      <Toolbar style={TOOLBAR_SPACE} aria-label={texts.filters} inset={{ default: 'insetNone' }}>
        <ToolbarContent>
          {facets.map((facet) => (
            <ToolbarItem key={facet.id}>
              <FilterSelect
                label={facet.label}
                options={() => optionsOf(facet, rows, facets, chosen)}
                chosen={chosen[facet.id] ?? []}
                emptyText={texts.nothingToChoose}
                onChange={(values) => setChosen({ ...chosen, [facet.id]: values })}
              />
            </ToolbarItem>
          ))}
          {isFiltered ? (
            <ToolbarItem alignSelf="center">
              <Button
                variant="link"
                isInline
                onClick={() => {
                  setText('');
                  setChosen({});
                }}
              >
                {texts.clearFilters}
              </Button>
            </ToolbarItem>
          ) : null}
          <ToolbarGroup align={{ default: 'alignEnd' }} alignItems="center">
            <ToolbarItem alignSelf="center">
              <span role="status" className="vd-subtle">
                {isFiltered ? texts.countOf(shown.length, rows.length) : texts.count(rows.length)}
              </span>
            </ToolbarItem>
            {bulk ? (
              <ToolbarItem>{bulk(selected, () => setSelection(noSelection))}</ToolbarItem>
            ) : null}
          </ToolbarGroup>
        </ToolbarContent>
      </Toolbar>
      {shown.length === 0 ? (
        <EmptyPage title={texts.noMatch} body={texts.noMatchHint} icon={SearchIcon} />
      ) : (
        <VirtualTable
          label={texts.label}
          columns={columns}
          rows={shown}
          rowKey={rowKey}
          sort={sort}
          onSort={setSort}
          onOpen={props.onOpen}
          {...(bulk
            ? {
                selecting: {
                  selection,
                  onSelect: setSelection,
                  rowLabel: texts.selectRow,
                  allLabel: texts.selectAll(shown.length),
                },
              }
            : {})}
        />
      )}
    </div>
  );
}
