import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { DiskImages } from '../../cdi/DiskImages.ts';
import type { ImageFile } from '../../kubelet/images/ContainerImages.ts';
import { parseQuantity } from '../../quantity.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { claimName, mountedClaim } from '../virt-controller/templates.ts';
import { writeConfigDriveImage, writeNoCloudImage } from './cloudInit.ts';
import { writeConfigDisk } from './configDisks.ts';
import type { ConfigSources } from './ConfigSources.ts';
import type { DomainSpec } from './GuestRuntime.ts';
import { volumeFile } from './volumeFile.ts';
import { type DomainInput, toDomainSpec } from './toDomainSpec.ts';

/** Where the volumes of claims are on this machine. */
export interface VolumeFolders {
  /** Absolute path of the folder of a bound claim; rejects with a sentence when there is none. */
  folderOf(namespace: string, claim: string): Promise<string>;
  images: DiskImages;
  /** The file of a volume's container image, which was pulled for the VMI; rejects when it was not. */
  imageOf(vmi: VirtualMachineInstance, volume: V1Volume): Promise<ImageFile>;
  /** The folder of the claim with a VMI's TPM and firmware variables; undefined when they do not persist. */
  stateOf(vmi: VirtualMachineInstance): Promise<string | undefined>;
  /** Objects of the cluster that become disks. */
  sources: ConfigSources;
  /** Volumes of a simulated guest have no files. */
  simulated: boolean;
}

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
      files.set(volume.name, await volumeFile(volumes, vmi.metadata.namespace ?? '', claim));
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
    } else {
      const path = join(folder, `${volume.name}.iso`);
      if (!volumes.simulated) await writeOwnImage(path, vmi, volume, volumes.sources);
      files.set(volume.name, { path, format: 'raw' });
    }
  }
  return toDomainSpec({ vmi, address, files, segments });
}

/** What a guest reads from and never writes to: a container image's disk, or that of a claim. */
async function belowOverlay(
  vmi: VirtualMachineInstance,
  volume: V1Volume,
  volumes: VolumeFolders,
): Promise<DiskFile> {
  if (volume.containerDisk) return volumes.imageOf(vmi, volume);
  const claim = mountedClaim(volume) ?? '';
  return volumeFile(volumes, vmi.metadata.namespace ?? '', claim);
}

/** The image of a volume that is made for this guest alone. */
async function writeOwnImage(
  path: string,
  vmi: VirtualMachineInstance,
  volume: V1Volume,
  sources: ConfigSources,
): Promise<void> {
  const { cloudInitNoCloud: noCloud, cloudInitConfigDrive: configDrive } = volume;
  if (noCloud) return writeNoCloudImage(path, vmi, noCloud, sources);
  if (configDrive) return writeConfigDriveImage(path, vmi, configDrive, sources);
  if (await writeConfigDisk(path, vmi, volume, sources)) return;
  throw new Error(`volume ${volume.name} is of a type that is not implemented here`);
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
