import { Table, Tbody, Thead } from '@patternfly/react-table';
import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react';

import { HeaderCell, type Sort } from './HeaderCell';
import { nextIndex } from './rowKeys';
import { type RowSelection, selectionAll, selectionExtend, selectionToggle } from './rowSelection';
import { type Column, TableRow } from './TableRow';
import './ui.css';
import { useFillHeight } from './useFillHeight';
import { useVirtualRows } from './useVirtualRows';

interface Selecting<Row> {
  selection: RowSelection;
  onSelect: (selection: RowSelection) => void;
  /** Name of a row's check box. */
  rowLabel: (row: Row) => string;
  /** Name of the check box in the heading. */
  allLabel: string;
}

interface Resizing {
  /** Name of the edge of a column. */
  label: (title: string) => string;
  /** All widths, after one was changed. CSS pixels by column. */
  onResize: (widths: Readonly<Record<string, number>>) => void;
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
  selecting?: Selecting<Row>;
  resizing?: Resizing;
}

/** Height of a compact row, until one has been measured. */
const ROW_HEIGHT = 46;

/** Keys that a control inside a row uses itself: an open menu, a text field. */
function belongsToControl(target: Element): boolean {
  return (
    target.closest(
      '[role="menu"], [role="dialog"], [aria-expanded="true"], input:not([type="checkbox"])',
    ) !== null
  );
}

/** The row in which something happened; menus are drawn elsewhere, but their events come through React. */
function rowIndex(event: { target: EventTarget; currentTarget: Element }): number | undefined {
  if (!(event.target instanceof Element)) return undefined;
  const element = event.target.closest('tr.vd-row');
  if (!element || !event.currentTarget.contains(element)) return undefined;
  return Number(element.getAttribute('data-index'));
}

/**
 * A table of any length: only the rows on the screen (and the one with the focus) are in the
 * document. Arrow keys, Home, End and Page keys move from row to row, Enter opens one, Space selects
 * it, Shift selects a range, Ctrl+A all. Where there is room for columns it scrolls by itself, below
 * a heading that stays.
 */
export function VirtualTable<Row>(props: Props<Row>) {
  const { columns, rows, rowKey, selecting } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  useFillHeight(frame);
  const virtual = useVirtualRows({
    body,
    count: rows.length,
    estimate: ROW_HEIGHT,
    shape: columns,
    // A new object whenever the page is drawn, and the same while only the table is.
    around: props,
  });

  const select = (index: number, isRange: boolean) => {
    const row = rows[index];
    if (!selecting || row === undefined) return;
    const key = rowKey(row);
    const { selection, onSelect } = selecting;
    onSelect(
      isRange ? selectionExtend(selection, rows.map(rowKey), key) : selectionToggle(selection, key),
    );
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    if (!(event.target instanceof Element) || belongsToControl(event.target)) return;
    const index = rowIndex(event);
    const row = index === undefined ? undefined : rows[index];
    if (index === undefined || row === undefined) return;
    const isOnRow = event.target.matches('tr.vd-row');
    if (event.key === 'Enter' && isOnRow) {
      event.preventDefault();
      props.onOpen(row);
      return;
    }
    if (event.key === ' ' && isOnRow) {
      event.preventDefault();
      select(index, event.shiftKey);
      return;
    }
    if (event.key === 'a' && (event.ctrlKey || event.metaKey) && selecting) {
      event.preventDefault();
      selecting.onSelect({ keys: new Set(rows.map(rowKey)), anchor: undefined });
      return;
    }
    const next = nextIndex(event.key, index, rows.length, virtual.pageSize());
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    virtual.focusRow(next);
    if (event.shiftKey) select(next, true);
  };

  const onClick = (event: MouseEvent<HTMLTableSectionElement>) => {
    const isCheckbox = event.target instanceof HTMLInputElement && event.target.type === 'checkbox';
    const index = isCheckbox ? rowIndex(event) : undefined;
    if (index !== undefined) select(index, event.shiftKey);
  };

  return (
    <div className="vd-table-frame" ref={frame}>
      <Table
        aria-label={props.label}
        variant="compact"
        isStickyHeader
        className="vd-table"
        aria-rowcount={rows.length + 1}
        style={{ minWidth: columns.reduce((sum, { width }) => sum + width, 0) }}
        {...(selecting ? { 'aria-multiselectable': true, role: 'grid' } : {})}
      >
        <Thead>
          <HeaderRow {...props} />
        </Thead>
        <Tbody ref={body} onKeyDown={onKeyDown} onFocus={virtual.onFocus} onClick={onClick}>
          {virtual.pieces.map((piece) => {
            if (piece.kind === 'gap') {
              const style = { height: piece.height };
              return <tr key={piece.key} aria-hidden className="vd-gap" style={style} />;
            }
            const row = rows[piece.index];
            if (row === undefined) return null;
            const key = rowKey(row);
            return (
              <TableRow
                key={key}
                row={row}
                index={piece.index}
                columns={columns}
                isTabStop={piece.index === virtual.tabStop}
                isSelected={selecting?.selection.keys.has(key)}
                selectLabel={selecting ? selecting.rowLabel(row) : ''}
                measure={virtual.measure}
              />
            );
          })}
        </Tbody>
      </Table>
    </div>
  );
}

function HeaderRow<Row>(props: Props<Row>) {
  const { columns, rows, rowKey, selecting, resizing } = props;
  const row = useRef<HTMLTableRowElement>(null);
  /** Widths while one is being changed. */
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>();
  const latest = useRef<Readonly<Record<string, number>>>();
  const keys = selecting?.selection.keys;
  const chosen =
    keys && keys.size > 0
      ? rows.reduce((sum, one) => (keys.has(rowKey(one)) ? sum + 1 : sum), 0)
      : 0;

  const onResize = (id: string, width: number) => {
    const cells = row.current?.querySelectorAll<HTMLElement>('th.vd-th:not(.vd-check-cell)') ?? [];
    // What the others are now, they stay: else each would move a little.
    const now = columns.map((column, index): [string, number] => [
      column.id,
      Math.round(cells[index]?.getBoundingClientRect().width ?? column.width),
    ]);
    const next = { ...Object.fromEntries(now), ...widths, [id]: width };
    latest.current = next;
    setWidths(next);
  };
  const onResizeEnd = () => {
    if (latest.current) resizing?.onResize(latest.current);
    latest.current = undefined;
    setWidths(undefined);
  };
  return (
    <tr className="pf-v6-c-table__tr" aria-rowindex={1} ref={row}>
      {selecting ? (
        <th className="pf-v6-c-table__th pf-v6-c-table__check vd-th vd-check-cell" scope="col">
          <label>
            <input
              type="checkbox"
              aria-label={selecting.allLabel}
              checked={rows.length > 0 && chosen === rows.length}
              ref={(input) => {
                if (input) input.indeterminate = chosen > 0 && chosen < rows.length;
              }}
              onChange={() =>
                selecting.onSelect(selectionAll(selecting.selection, rows.map(rowKey)))
              }
            />
          </label>
        </th>
      ) : null}
      {columns.map((column) =>
        column.isMenu ? (
          <th
            key={column.id}
            scope="col"
            className="pf-v6-c-table__th vd-th"
            style={{ width: column.width }}
          >
            <span className="vd-visually-hidden">{column.title}</span>
          </th>
        ) : (
          <HeaderCell
            key={column.id}
            id={column.id}
            title={column.title}
            width={widths?.[column.id] ?? column.width}
            grows={column.grows === true && widths === undefined}
            sort={props.sort}
            onSort={column.isSortable ? props.onSort : undefined}
            resizeLabel={resizing ? resizing.label(column.title) : ''}
            onResize={resizing ? (width) => onResize(column.id, width) : undefined}
            onResizeEnd={onResizeEnd}
          />
        ),
      )}
    </tr>
  );
}
