import { existsSync } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainSpec } from './GuestRuntime.ts';
import { guestFiles } from './qemuArguments.ts';

/** Where Debian's package ovmf puts its files. */
const OVMF = '/usr/share/OVMF';

/**
 * The path of the UEFI code that the domain boots with, undefined for BIOS. Gives the guest its own copy
 * of the variables unless it has one. Rejects with the name of the missing package.
 */
export async function findFirmware(
  directory: string,
  firmware: DomainSpec['firmware'],
): Promise<string | undefined> {
  if (firmware.bootloader === 'bios') return undefined;
  const names = firmware.secureBoot
    ? { code: 'OVMF_CODE_4M.secboot.fd', variables: 'OVMF_VARS_4M.ms.fd' }
    : { code: 'OVMF_CODE_4M.fd', variables: 'OVMF_VARS_4M.fd' };
  const code = join(OVMF, names.code);
  const variables = join(OVMF, names.variables);
  const missing = [code, variables].find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new Error(
      `The guest boots by UEFI, whose firmware is not installed (${missing}). Install it: apt-get install ovmf`,
    );
  }
  const own = join(directory, guestFiles.nvram);
  if (!existsSync(own)) {
    await copyFile(variables, `${own}.partial`);
    await rename(`${own}.partial`, own);
  }
  return code;
}
