import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { parseQuantity } from '../../quantity.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { claimName, mountedClaim } from '../virt-controller/templates.ts';
import { writeConfigDriveImage, writeNoCloudImage } from './cloudInit.ts';
import { configLabel, writeConfigDisk } from './configDisks.ts';
import { imageContainerOf, kernelBootContainer } from './containerDisks.ts';
import type { DomainSpec } from './GuestRuntime.ts';
import { hostDiskFile } from './hostDisk.ts';
import { writeVhostmd } from './vhostmd.ts';
import { claimDisk, volumeFile } from './volumeFile.ts';
import type { VolumeFolders } from './VolumeFolders.ts';
import { writeIsoImage } from './writeIsoImage.ts';
import { type DomainInput, toDomainSpec } from './toDomainSpec.ts';

type DiskFile = { path: string; format: 'qcow2' | 'raw' };

/** Brings together what a guest starts from: its disks' files, made where they are its own. */
export async function prepareDomain(
  vmi: VirtualMachineInstance,
  address: string,
  folder: string,
  { volumes, segments }: { volumes: VolumeFolders; segments: DomainInput['segments'] },
): Promise<DomainSpec> {
  const files = new Map<string, DiskFile>();
  for (const volume of vmi.spec.volumes ?? []) {
    // It is for the guest's memory, and no disk.
    if (volume.memoryDump) continue;
    const claim = claimName(volume);
    if (claim) {
      files.set(volume.name, await claimDisk(volumes, vmi, { volume: volume.name, claim }));
    } else if (volume.containerDisk ?? volume.ephemeral) {
      const path = join(folder, `overlay-${volume.name}.qcow2`);
      if (!(await exists(path))) {
        await volumes.images.createOverlay(path, await belowOverlay(vmi, volume, volumes));
      }
      files.set(volume.name, { path, format: 'qcow2' });
    } else if (volume.emptyDisk) {
      const path = join(folder, `empty-${volume.name}.qcow2`);
      const bytes = parseQuantity(volume.emptyDisk.capacity) ?? 0;
      if (!(await exists(path))) await volumes.images.createFile(path, bytes);
      files.set(volume.name, { path, format: 'qcow2' });
    } else if (volume.hostDisk) {
      const { path } = volume.hostDisk;
      files.set(
        volume.name,
        volumes.simulated ? { path, format: 'raw' } : await hostDiskFile(volume.hostDisk),
      );
    } else {
      const path = join(folder, `${volume.name}.iso`);
      if (!volumes.simulated) await writeOwnImage(path, vmi, volume, volumes);
      files.set(volume.name, { path, format: 'raw' });
    }
  }
  const kernel = await kernelOf(vmi, volumes);
  return { ...toDomainSpec({ vmi, address, files, segments }), ...(kernel && { kernel }) };
}

/** What the guest is booted with when it is not from a disk. */
async function kernelOf(
  vmi: VirtualMachineInstance,
  volumes: VolumeFolders,
): Promise<DomainSpec['kernel']> {
  const { container, kernelArgs } = vmi.spec.domain.firmware?.kernelBoot ?? {};
  if (!container) return undefined;
  const file = async (path: string | undefined) =>
    path ? (await volumes.imageOf(vmi, kernelBootContainer, path)).path : undefined;
  const kernel = await file(container.kernelPath);
  const initrd = await file(container.initrdPath);
  return {
    ...(kernel !== undefined && { kernel }),
    ...(initrd !== undefined && { initrd }),
    ...(kernelArgs && { arguments: kernelArgs }),
  };
}

/** What a guest reads from and never writes to: a container image's disk, or that of a claim. */
async function belowOverlay(
  vmi: VirtualMachineInstance,
  volume: V1Volume,
  volumes: VolumeFolders,
): Promise<DiskFile> {
  const { containerDisk } = volume;
  if (containerDisk) return volumes.imageOf(vmi, imageContainerOf(volume.name), containerDisk.path);
  const claim = mountedClaim(volume) ?? '';
  return volumeFile(volumes, vmi.metadata.namespace ?? '', claim);
}

/** The image of a volume that is made for this guest alone. */
async function writeOwnImage(
  path: string,
  vmi: VirtualMachineInstance,
  volume: V1Volume,
  volumes: VolumeFolders,
): Promise<void> {
  // What is in it comes when the guest runs.
  if (volume.downwardMetrics) return writeVhostmd(path, []);
  const { cloudInitNoCloud: noCloud, cloudInitConfigDrive: configDrive, serviceAccount } = volume;
  if (noCloud) return writeNoCloudImage(path, vmi, noCloud, volumes.sources);
  if (configDrive) return writeConfigDriveImage(path, vmi, configDrive, volumes.sources);
  if (serviceAccount) {
    const { serviceAccountName = '' } = serviceAccount;
    const files = await volumes.accountFiles(vmi.metadata.namespace ?? '', serviceAccountName);
    return writeIsoImage(path, configLabel, files);
  }
  if (await writeConfigDisk(path, vmi, volume, volumes.sources)) return;
  throw new Error(`volume ${volume.name} is of a type that is not implemented here`);
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
