import { Card, CardBody, CardHeader, CardTitle } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ReactNode } from 'react';

import './ui.css';

export interface CardColumn<Row> {
  title: string;
  /** Per cent of the table. */
  width?: 10 | 15 | 20 | 25 | 30;
  /** Values that are cut nowhere, such as sizes; all others may break in any place. */
  isShort?: boolean;
  /** Nothing and '' show a dash. */
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  /** Unique on the page. */
  id: string;
  title: string;
  columns: readonly CardColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** What is said instead of a table without rows. */
  emptyText: string;
  /** Buttons beside the title. */
  actions?: ReactNode;
}

/** A short table in a card of its own, as the details of an object have several. */
export function CardTable<Row>(props: Props<Row>) {
  const { id, title, columns, rows, rowKey, emptyText, actions } = props;
  const titleId = `${id}-title`;
  return (
    <Card component="section" aria-labelledby={titleId}>
      <CardHeader {...(actions === undefined ? {} : { actions: { actions, hasNoOffset: true } })}>
        <CardTitle component="h2" id={titleId}>
          {title}
        </CardTitle>
      </CardHeader>
      <CardBody>
        {rows.length === 0 ? (
          <span className="vd-subtle">{emptyText}</span>
        ) : (
          <Table
            aria-labelledby={titleId}
            variant="compact"
            borders={false}
            className="vd-card-table"
          >
            <Thead>
              <Tr>
                {columns.map((column) => (
                  <Th
                    key={column.title}
                    modifier="wrap"
                    {...(column.width ? { width: column.width } : {})}
                  >
                    {column.title}
                  </Th>
                ))}
              </Tr>
            </Thead>
            <Tbody>
              {rows.map((row) => (
                <Tr key={rowKey(row)}>
                  {columns.map((column) => (
                    <Td
                      key={column.title}
                      dataLabel={column.title}
                      modifier={column.isShort === true ? 'nowrap' : 'breakWord'}
                    >
                      {column.cell(row) || '–'}
                    </Td>
                  ))}
                </Tr>
              ))}
            </Tbody>
          </Table>
        )}
      </CardBody>
    </Card>
  );
}
