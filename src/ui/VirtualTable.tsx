import { Table, Tbody, Th, Thead, Tr } from '@patternfly/react-table';
import { type KeyboardEvent, memo, type ReactNode, useRef } from 'react';

import { nextIndex } from './rowKeys';
import './ui.css';
import { useVirtualRows } from './useVirtualRows';

export interface Column<Row> {
  id: string;
  title: string;
  /** CSS width; columns without one share what is left. */
  width?: string;
  isSortable?: boolean;
  /** The row menu: no visible heading. */
  isMenu?: boolean;
  /** Must depend on the row alone, since rows are drawn again only when they change. */
  render: (row: Row) => ReactNode;
}

export interface Sort {
  column: string;
  direction: 'asc' | 'desc';
}

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  /** Filtered and sorted already; a row that has not changed is the same object as before. */
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** Enter on a row. */
  onOpen: (row: Row) => void;
}

/** Height of a compact row, until one has been measured. */
const ROW_HEIGHT = 46;

interface RowProps<Row> {
  row: Row;
  index: number;
  columns: readonly Column<Row>[];
  isTabStop: boolean;
  measure: ((element: HTMLTableRowElement | null) => void) | undefined;
}

// PatternFly's own Tr and Td each bring tooltips and effects: with some hundred cells that made
// scrolling jerk. These are the same elements and classes without them.
function RowView<Row>({ row, index, columns, isTabStop, measure }: RowProps<Row>) {
  return (
    <tr
      ref={measure ?? null}
      className="pf-v6-c-table__tr vd-row"
      data-index={index}
      // The heading is row 1.
      aria-rowindex={index + 2}
      tabIndex={isTabStop ? 0 : -1}
    >
      {columns.map((column) =>
        column.isMenu ? (
          <td key={column.id} className="pf-v6-c-table__td pf-v6-c-table__action vd-menu-cell">
            {column.render(row)}
          </td>
        ) : (
          <td key={column.id} className="pf-v6-c-table__td" data-label={column.title}>
            {column.render(row)}
          </td>
        ),
      )}
    </tr>
  );
}

// `memo` loses the type parameter.
const MemoRow = memo(RowView) as typeof RowView;

/** Keys that a control inside a row uses itself: an open menu, a text field. */
function belongsToControl(target: Element): boolean {
  return target.closest('[role="menu"], [role="dialog"], [aria-expanded="true"], input') !== null;
}

/**
 * A table of any length: only the rows on the screen (and the one with the focus) are in the
 * document. It scrolls with the page. Arrow keys, Home, End and Page keys move from row to row.
 */
export function VirtualTable<Row>(props: Props<Row>) {
  const { columns, rows, rowKey, sort } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const virtual = useVirtualRows({
    body,
    count: rows.length,
    estimate: ROW_HEIGHT,
    // A new object whenever the page is drawn, and the same while only the table is.
    layout: props,
  });

  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    if (!(event.target instanceof Element) || belongsToControl(event.target)) return;
    const element = event.target.closest('tr.vd-row');
    // Menus are drawn elsewhere in the document, but their keys arrive here through React.
    if (!element || !event.currentTarget.contains(element)) return;
    const index = Number(element.getAttribute('data-index'));
    const row = rows[index];
    if (event.key === 'Enter' && event.target === element && row !== undefined) {
      event.preventDefault();
      props.onOpen(row);
      return;
    }
    const next = nextIndex(event.key, index, rows.length, virtual.pageSize());
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    virtual.focusRow(next);
  };

  return (
    <Table
      aria-label={props.label}
      variant="compact"
      isStickyHeader
      className="vd-table"
      aria-rowcount={rows.length + 1}
    >
      <Thead>
        <Tr aria-rowindex={1}>
          {columns.map((column, columnIndex) => (
            <Th
              key={column.id}
              {...(column.width ? { style: { width: column.width } } : {})}
              {...(column.isMenu ? { screenReaderText: column.title } : {})}
              {...(column.isSortable
                ? {
                    sort: {
                      columnIndex,
                      sortBy: {
                        index: columns.findIndex((one) => one.id === sort.column),
                        direction: sort.direction,
                      },
                      onSort: (_event, _index, direction) =>
                        props.onSort({ column: column.id, direction }),
                    },
                  }
                : {})}
            >
              {column.isMenu ? null : column.title}
            </Th>
          ))}
        </Tr>
      </Thead>
      <Tbody ref={body} onKeyDown={onKeyDown} onFocus={virtual.onFocus}>
        {virtual.pieces.map((piece) => {
          if (piece.kind === 'gap') {
            return (
              <tr key={piece.key} aria-hidden className="vd-gap" style={{ height: piece.height }} />
            );
          }
          const row = rows[piece.index];
          return row === undefined ? null : (
            <MemoRow
              key={rowKey(row)}
              row={row}
              index={piece.index}
              columns={columns}
              isTabStop={piece.index === virtual.tabStop}
              measure={virtual.measure}
            />
          );
        })}
      </Tbody>
    </Table>
  );
}
