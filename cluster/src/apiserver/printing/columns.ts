import type { PrinterColumn } from '../ResourceDefinition.ts';

/** A column of text by a JSON path; with priority 1 only `-o wide` shows it. */
export function textColumn(name: string, value: string, priority = 0): PrinterColumn {
  return { name, type: 'string', value, priority };
}

/** The status of a condition: True, False or Unknown. */
export function conditionColumn(name: string, type: string, priority = 0): PrinterColumn {
  return textColumn(name, `.status.conditions[?(@.type=='${type}')].status`, priority);
}
