import type { VmListRow } from '~/kubevirt/vmListRow';

import type { VmColumn } from './vmColumns';

/**
 * A field as RFC 4180 wants it. What a spreadsheet would take for a formula gets an apostrophe in
 * front: names of others must not run anything (OWASP, CSV injection).
 */
function field(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as they are shown, as comma separated values with a heading. */
export function toCsv(
  columns: readonly Pick<VmColumn, 'title' | 'text'>[],
  rows: readonly VmListRow[],
): string {
  const lines = rows.map((row) => columns.map(({ text }) => field(text(row))));
  return [columns.map(({ title }) => field(title)), ...lines]
    .map((line) => `${line.join(',')}\r\n`)
    .join('');
}
