import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SOCKET = 'tpm.sock';
/** Folder with the state of a guest's TPM. */
export const tpmState = 'tpm';

/**
 * Starts the TPM 2.0 of the guest whose folder this is, in a process of its own that ends when QEMU lets
 * go of it. Rejects with the package to install.
 */
export async function startTpm(directory: string): Promise<void> {
  await mkdir(join(directory, tpmState), { recursive: true, mode: 0o700 });
  await rm(join(directory, SOCKET), { force: true });
  // As a daemon it works in the root folder; the socket it makes before, and its name may not be long.
  const options = [
    '--tpm2',
    '--terminate',
    '--daemon',
    '--tpmstate',
    `dir=${join(directory, tpmState)}`,
  ];
  try {
    await promisify(execFile)(
      'swtpm',
      ['socket', ...options, '--ctrl', `type=unixio,path=${SOCKET}`],
      {
        cwd: directory,
      },
    );
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing) throw error;
    throw new Error('The guest has a TPM, for which swtpm is needed: apt-get install swtpm', {
      cause: error,
    });
  }
}

export function tpmArguments(): string[] {
  return [
    ...['-chardev', `socket,id=chrtpm,path=${SOCKET}`],
    ...['-tpmdev', 'emulator,id=tpm0,chardev=chrtpm'],
    ...['-device', JSON.stringify({ driver: 'tpm-crb', tpmdev: 'tpm0', id: 'tpm-crb0' })],
  ];
}
