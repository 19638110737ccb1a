import type { V1PersistentVolumeClaimInfo } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { parseQuantity } from '../../quantity.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import type { Guest, MovedDisk } from '../virt-launcher/GuestRuntime.ts';
import type { VolumeFolders } from '../virt-launcher/VolumeFolders.ts';
import { volumeFile } from '../virt-launcher/volumeFile.ts';

/** The disks of a VMI that move to other claims with its guest, with their files there. */
export async function movedDisks(
  { metadata: { namespace = '' }, status }: VirtualMachineInstance,
  volumes: VolumeFolders,
): Promise<MovedDisk[]> {
  const disks: MovedDisk[] = [];
  for (const { volumeName, destinationPVCInfo } of status?.migratedVolumes ?? []) {
    const claim = destinationPVCInfo?.claimName ?? '';
    disks.push({ name: volumeName, file: await volumeFile(volumes, namespace, claim) });
  }
  return disks;
}

/**
 * Makes the disks that are to be moved to, as large as those that move there: QEMU copies to its like alone. What
 * the claims held is gone. Rejects when one has no room.
 */
export async function makeMovedDisks(
  { metadata: { namespace = '' }, status }: VirtualMachineInstance,
  volumes: VolumeFolders,
): Promise<void> {
  for (const { sourcePVCInfo, destinationPVCInfo } of status?.migratedVolumes ?? []) {
    const { claimName = '' } = destinationPVCInfo ?? {};
    const from = await volumes.folderOf(namespace, sourcePVCInfo?.claimName ?? '');
    const bytes = (await volumes.images.sizeOf(from)) ?? 0;
    if ((roomIn(destinationPVCInfo) ?? bytes) < bytes)
      throw new Error(`PVC ${claimName} is smaller than the disk that is to move there`);
    await volumes.images.createBlank(await volumes.folderOf(namespace, claimName), { bytes });
  }
}

/** Gives disks that have moved all the room of their claims, which the guest sees at once. */
export async function growMovedDisks(
  { status }: VirtualMachineInstance,
  { disks }: Guest,
): Promise<void> {
  for (const { volumeName, sourcePVCInfo, destinationPVCInfo } of status?.migratedVolumes ?? []) {
    const room = roomIn(destinationPVCInfo);
    if (room !== undefined && room > (roomIn(sourcePVCInfo) ?? 0))
      await disks.resize(volumeName, room);
  }
}

/** What a claim has or, before it is bound, asks for. */
const roomIn = (info: V1PersistentVolumeClaimInfo | undefined): number | undefined =>
  parseQuantity(sizeOf(info?.capacity) || sizeOf(info?.requests));

/** The generated types know nothing of the keys of quantities. */
function sizeOf(quantities: object | undefined): string {
  const found: unknown = Object.entries(quantities ?? {}).find(([key]) => key === 'storage')?.[1];
  return typeof found === 'string' ? found : '';
}
