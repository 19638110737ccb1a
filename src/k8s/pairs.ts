/** Labels or annotations as text, one `key=value` a line, sorted; line ends inside a value as `\n`. */
export function formatPairs(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)
    .join('\n');
}

/** The reverse of `formatPairs`; empty lines do not count, a line without `=` is a key with no value. */
export function parsePairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^\s*([^=\s]+)\s*=?(.*)$/.exec(line) ?? [];
    if (key === '') continue;
    pairs[key] = value.replaceAll(/\\(n|\\)/g, (_all, what) => (what === 'n' ? '\n' : '\\'));
  }
  return pairs;
}
