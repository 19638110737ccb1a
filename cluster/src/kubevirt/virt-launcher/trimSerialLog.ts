import { copyFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { guestFiles } from './qemuArguments.ts';

const LIMIT_BYTES = 8 * 2 ** 20;

/**
 * Keeps the serial log from filling the disk: one that is too long is moved to `serial.log.old`. By
 * copying, since QEMU has the file open; it appends, so it goes on at the file's new end.
 */
export async function trimSerialLog(directory: string): Promise<void> {
  const path = join(directory, guestFiles.serialLog);
  if ((await stat(path)).size <= LIMIT_BYTES) return;
  await copyFile(path, `${path}.old`);
  await truncate(path);
}
