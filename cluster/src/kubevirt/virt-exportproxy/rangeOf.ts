/**
 * The part that a header `Range` asks for, `end` exclusive; undefined for all of it, also when several parts
 * are asked for or none of them is there (RFC 9110, section 14.2, lets a server ignore it).
 */
export function rangeOf(
  header: string | undefined,
  bytes: number,
): { start: number; end: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes : Math.min(bytes, Number(to) + 1);
  return start < end ? { start, end } : undefined;
}
