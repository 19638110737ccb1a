import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { VirtualMachineInstance } from '../resources.ts';
import { guestFiles } from './qemuArguments.ts';
import { tpmState } from './swtpm.ts';

/** Names of what of a guest's folder outlives the guest. */
function statesOf({ spec }: VirtualMachineInstance): string[] {
  const { devices, firmware } = spec.domain;
  return [
    ...(devices.tpm?.persistent === true ? [tpmState] : []),
    ...(firmware?.bootloader?.efi?.persistent === true ? [guestFiles.nvram] : []),
  ];
}

/**
 * Brings the TPM and the firmware variables of a VM from the folder of its claim into that of its guest. What
 * the guest has already is newer. KubeVirt mounts the claim in the launcher instead.
 */
export async function loadState(
  vmi: VirtualMachineInstance,
  claim: string,
  guest: string,
): Promise<void> {
  for (const name of statesOf(vmi)) {
    const there = await exists(join(guest, name));
    if (!there && (await exists(join(claim, name)))) await copyWhole(claim, guest, name);
  }
}

/** Keeps them for the next start, once the guest has ended. */
export async function saveState(
  vmi: VirtualMachineInstance,
  claim: string,
  guest: string,
): Promise<void> {
  for (const name of statesOf(vmi)) {
    if (await exists(join(guest, name))) await copyWhole(guest, claim, name);
  }
}

/** Under another name until it is whole: half a state is worse than an old one. */
async function copyWhole(from: string, to: string, name: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const partial = join(to, `${name}.partial`);
  await rm(partial, { recursive: true, force: true });
  await cp(join(from, name), partial, { recursive: true });
  await rm(join(to, name), { recursive: true, force: true });
  await rename(partial, join(to, name));
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
