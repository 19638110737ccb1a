import { memo, type ReactNode } from 'react';

export interface Column<Row> {
  id: string;
  title: string;
  /** CSS pixels; where the table is wider than all its columns they share the rest. */
  width: number;
  /** It is at least as wide, and has all of the rest. */
  grows?: boolean;
  isSortable?: boolean;
  /** The row menu: no visible heading, and of fixed width. */
  isMenu?: boolean;
  /** Must depend on the row alone, since rows are drawn again only when they change. */
  render: (row: Row) => ReactNode;
}

interface Props<Row> {
  row: Row;
  index: number;
  columns: readonly Column<Row>[];
  isTabStop: boolean;
  /** Undefined in a table where nothing is selected. */
  isSelected: boolean | undefined;
  /** Name of the check box. */
  selectLabel: string;
  measure: ((element: HTMLTableRowElement | null) => void) | undefined;
}

// PatternFly's own Tr and Td each bring tooltips and effects: with some hundred cells that made
// scrolling jerk. These are the same elements and classes without them.
function RowView<Row>(props: Props<Row>) {
  const { row, index, columns, isSelected } = props;
  return (
    <tr
      ref={props.measure ?? null}
      className={`pf-v6-c-table__tr vd-row ${isSelected === true ? 'vd-row-selected' : ''}`}
      data-index={index}
      // The heading is row 1.
      aria-rowindex={index + 2}
      {...(isSelected === undefined ? {} : { 'aria-selected': isSelected })}
      tabIndex={props.isTabStop ? 0 : -1}
    >
      {isSelected === undefined ? null : (
        <td className="pf-v6-c-table__td pf-v6-c-table__check vd-check-cell">
          <label>
            {/* The table listens: a click with Shift means a range. */}
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={props.selectLabel}
              checked={isSelected}
              onChange={() => undefined}
            />
          </label>
        </td>
      )}
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

/** One row of a `VirtualTable`. `memo` loses the type parameter. */
export const TableRow = memo(RowView) as typeof RowView;
