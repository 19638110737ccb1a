import type { Presented } from '../ApiContext.ts';
import { jsonPath } from '../jsonPath.ts';
import type { AnyObject, PrinterColumn, ResourceDefinition } from '../ResourceDefinition.ts';
import { ageColumn } from './ageColumn.ts';
import { humanDuration } from './humanDuration.ts';

/** How much of each object a table carries besides its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

const nameColumn: PrinterColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  value: '.metadata.name',
};

/** What kubectl asks for: the columns are the server's, so that they fit every resource. */
export function table(
  resource: ResourceDefinition,
  version: string,
  objects: readonly Presented[],
  metadata: object,
  include: IncludeObject,
  now: Date,
  withColumns = true,
): object {
  const columns = columnsOf(resource, version);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? columns.map(columnDefinition) : [],
    rows: objects.map(({ object }) => ({
      cells: columns.map((column) => cell(column, object, now)),
      ...(include === 'None'
        ? {}
        : { object: include === 'Object' ? object : partialMetadata(object) }),
    })),
  };
}

/** The object with nothing but its metadata. */
export function partialMetadata(object: AnyObject): object {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: object.metadata,
  };
}

function columnDefinition(column: PrinterColumn): object {
  return {
    name: column.name,
    type: column.type === 'date' ? 'string' : column.type,
    format: column.format ?? '',
    description: column.description ?? '',
    priority: column.priority ?? 0,
  };
}

function columnsOf(resource: ResourceDefinition, version: string): PrinterColumn[] {
  const own = resource.versions.find(({ name }) => name === version)?.columns;
  const columns = own ?? resource.columns ?? [ageColumn];
  // Events have their name in a place of its own.
  return columns.some(({ format }) => format === 'name') ? [...columns] : [nameColumn, ...columns];
}

/** A path may find several values: as text all of them are shown. */
function found(column: PrinterColumn, path: string, object: AnyObject): unknown {
  const values = jsonPath(object, path);
  if (column.type !== 'string' || values.length < 2) return values[0];
  return values.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ');
}

function cell(column: PrinterColumn, object: AnyObject, now: Date): string | number | boolean {
  const value =
    typeof column.value === 'string' ? found(column, column.value, object) : column.value(object);
  if (value === undefined || value === null) {
    return column.type === 'date' ? '<unknown>' : '';
  }
  if (column.type === 'date') {
    const time = typeof value === 'string' ? Date.parse(value) : NaN;
    return Number.isNaN(time) ? '<unknown>' : humanDuration(now.getTime() - time);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
