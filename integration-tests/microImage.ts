import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Program } from './program.ts';

/** The file that the boot source `micro` was made of. */
export function microImage({ dataDir }: Program): string {
  const folder = join(dataDir, 'images');
  const name = readdirSync(folder).find((one) => /^micro-.*\.qcow2$/.test(one));
  return join(folder, name ?? '');
}
