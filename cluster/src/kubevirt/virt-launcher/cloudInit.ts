import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import type { V1CloudInitNoCloudSource } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

const run = promisify(execFile);

/**
 * Writes the NoCloud seed of a guest: an ISO 9660 image labelled `cidata` with meta-data, user-data and
 * network-config, as cloud-init looks for it (https://cloudinit.readthedocs.io, datasource NoCloud).
 */
export async function writeNoCloudImage(
  file: string,
  guest: { hostname: string; instanceId: string },
  source: V1CloudInitNoCloudSource,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-cidata-'));
  try {
    const put = (name: string, text: string) => writeFile(join(folder, name), text);
    await put(
      'meta-data',
      JSON.stringify({ 'instance-id': guest.instanceId, 'local-hostname': guest.hostname }),
    );
    await put('user-data', text(source.userData, source.userDataBase64) ?? '#cloud-config\n');
    const network = text(source.networkData, source.networkDataBase64);
    if (network !== undefined) await put('network-config', network);
    await mkdir(dirname(file), { recursive: true });
    const unfinished = `${file}.unfinished`;
    await run('genisoimage', [
      '-quiet',
      ...['-output', unfinished],
      ...['-volid', 'cidata'],
      '-joliet',
      '-rock',
      folder,
    ]);
    await rename(unfinished, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function text(plain: string | undefined, base64: string | undefined): string | undefined {
  if (plain !== undefined) return plain;
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString();
}
