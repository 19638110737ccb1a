/**
 * The row that a key leads to, or `undefined` for keys that do not move.
 * @param pageSize rows that fit on the screen
 */
export function nextIndex(
  key: string,
  index: number,
  count: number,
  pageSize: number,
): number | undefined {
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'PageDown':
      return Math.min(last, index + pageSize);
    case 'PageUp':
      return Math.max(0, index - pageSize);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
