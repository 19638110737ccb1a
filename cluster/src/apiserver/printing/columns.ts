import type { KubeObject } from '../../client/KubeClient.ts';
import type { PrinterColumn } from '../ResourceDefinition.ts';

/** A column of text by a JSON path; with priority 1 only `-o wide` shows it. */
export function textColumn(name: string, value: string, priority = 0): PrinterColumn {
  return { name, type: 'string', value, priority };
}

/** The status of a condition: True, False or Unknown. */
export function conditionColumn(name: string, type: string, priority = 0): PrinterColumn {
  return textColumn(name, `.status.conditions[?(@.type=='${type}')].status`, priority);
}

/** A column that is computed; `<none>` where there is nothing to say, as kubectl writes it. */
export function computedColumn<T extends KubeObject>(
  name: string,
  text: (object: T) => string | number | undefined,
  priority = 0,
): PrinterColumn {
  // Columns are only asked about objects of their own kind.
  const value = (object: KubeObject) => {
    const found = text(object as T);
    return found === undefined || found === '' ? '<none>' : found;
  };
  return { name, type: 'string', value, priority };
}
