import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Path of the program prometheus; undefined when it is not installed. */
export function findPrometheus(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(':')
    .map((folder) => join(folder, 'prometheus'))
    .find((file) => existsSync(file));
}
