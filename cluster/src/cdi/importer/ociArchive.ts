import { realpath } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';

import { pullFailed } from './registrySource.ts';

/**
 * The file that `oci-archive:PATH[:IMAGE]` names, and which image of it. The path is that of the importer's pod:
 * `mounts` are the folders of this machine that are mounted into it, by their paths there, and nothing else is in it.
 * Rejects when there is no such file (containers/image: oci/archive).
 */
export async function ociArchive(
  url: string,
  mounts: Readonly<Record<string, string>>,
): Promise<{ file: string; image: string | undefined }> {
  const [, named = '', image] = /^oci-archive:([^:]*)(?::(.*))?$/.exec(url) ?? [];
  const path = posix.normalize(`/${named}`);
  for (const [mount, folder] of Object.entries(mounts)) {
    if (!path.startsWith(`${mount}/`)) continue;
    const file = await realpath(join(folder, path.slice(mount.length))).catch(() => undefined);
    // A link in the volume leads nowhere in the pod.
    if (file?.startsWith(`${await realpath(folder)}${sep}`)) return { file, image };
  }
  throw pullFailed(`creating temp directory: archive file not found: "${path}"`);
}
