import { createHash } from 'node:crypto';

const longestName = 253;

/** A name made of that of a claim, as CDI shortens those that would be too long (pkg/util/naming, c07cdb6). */
export function shortened(name: string): string {
  if (name.length <= longestName) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longestName - 9)}-${hash}`;
}
