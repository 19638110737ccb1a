import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Writes an ISO 9660 image with files of these paths and contents, whole or not at all. */
export async function writeIsoImage(
  image: string,
  label: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-iso-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    await mkdir(dirname(image), { recursive: true });
    const unfinished = `${image}.unfinished`;
    const options = ['-quiet', '-output', unfinished, '-volid', label, '-joliet', '-rock'];
    await run('genisoimage', [...options, folder]);
    await rename(unfinished, image);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
