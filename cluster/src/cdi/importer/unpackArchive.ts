import { spawn } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { ImportError, tooLarge } from './ImportError.ts';
import { unlessPipeClosed } from './unlessPipeClosed.ts';

/**
 * Unpacks a tar archive into a folder, as CDI does with content of the type archive. The files are all there when
 * it resolves, and none of them when it rejects. tar itself takes no member outside of the folder.
 */
export async function unpackArchive(
  source: AsyncIterable<Buffer>,
  { folder, bytes, signal }: { folder: string; bytes: number; signal: AbortSignal },
): Promise<void> {
  const partial = join(folder, '.unpacking');
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  try {
    await untar(source, { folder: partial, bytes, signal });
    for (const name of await readdir(partial)) {
      // A try that was cut off by a kill may have come so far.
      await rm(join(folder, name), { recursive: true, force: true });
      await rename(join(partial, name), join(folder, name));
    }
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function untar(
  source: AsyncIterable<Buffer>,
  { folder, bytes, signal }: { folder: string; bytes: number; signal: AbortSignal },
): Promise<void> {
  const options = ['--no-same-owner', '--no-same-permissions', '--directory', folder];
  const child = spawn('tar', ['--extract', '--file', '-', ...options], {
    stdio: ['pipe', 'ignore', 'pipe'],
    signal,
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  ended.catch(() => undefined);
  let seen = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > bytes) done(tooLarge(seen, bytes));
      else done(null, chunk);
    },
  });
  try {
    await pipeline(source, limited, child.stdin).catch(unlessPipeClosed);
    const code = await ended;
    if (code !== 0)
      throw new ImportError(`Unable to process data: unable to untar: ${complaint.trim()}`);
  } finally {
    child.kill();
  }
}
