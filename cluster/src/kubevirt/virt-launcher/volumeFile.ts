import { realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { diskFile } from '../../cdi/DiskImages.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import type { VolumeFolders } from './VolumeFolders.ts';

/**
 * The same for a volume of a VMI, which gets an empty disk where its claim has none (pkg/host-disk/host-disk.go,
 * d923fdb: `disk.img` on an empty file system; a block device is there as it is).
 */
export async function claimDisk(
  volumes: VolumeFolders,
  { metadata: { namespace = '' }, status }: VirtualMachineInstance,
  { volume, claim }: { volume: string; claim: string },
): Promise<{ path: string; format: 'qcow2' }> {
  const known = status?.volumeStatus?.find(({ name }) => name === volume);
  const overhead = known?.persistentVolumeClaimInfo?.filesystemOverhead;
  await volumes.ensureDisk(namespace, claim, Number(overhead ?? 0));
  return volumeFile(volumes, namespace, claim);
}

/**
 * The file of a claim's disk as QEMU is to open it: where the link in the volume's folder leads, for QEMU
 * opens a file again by its name, and the link may lead to another one by then.
 */
export async function volumeFile(
  volumes: VolumeFolders,
  namespace: string,
  claim: string,
): Promise<{ path: string; format: 'qcow2' }> {
  const link = join(await volumes.folderOf(namespace, claim), diskFile);
  if (volumes.simulated) return { path: link, format: 'qcow2' };
  try {
    return { path: await realpath(link), format: 'qcow2' };
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!gone) throw error;
    throw new Error(`The disk of PVC ${namespace}/${claim} is gone: No such file ${link}`, {
      cause: error,
    });
  }
}
