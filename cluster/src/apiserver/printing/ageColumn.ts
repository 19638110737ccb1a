import type { PrinterColumn } from '../ResourceDefinition.ts';

/** The time since the object was made: the last column of most tables. */
export const ageColumn: PrinterColumn = {
  name: 'Age',
  type: 'date',
  value: '.metadata.creationTimestamp',
};
