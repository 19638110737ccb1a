import type { DiskImages } from '../../cdi/DiskImages.ts';
import type { ImageFile } from '../../kubelet/images/ContainerImages.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import type { ConfigSources } from './ConfigSources.ts';

/** Where the volumes of claims are on this machine. */
export interface VolumeFolders {
  /** Absolute path of the folder of a bound claim; rejects with a sentence when there is none. */
  folderOf(namespace: string, claim: string): Promise<string>;
  images: DiskImages;
  /**
   * An empty disk for a bound claim that has none and that nobody was to fill: as large as the claim, but for the
   * share `overhead` of it.
   */
  ensureDisk(namespace: string, claim: string, overhead: number): Promise<void>;
  /**
   * A file of the image of a container of the VMI's pod, which was pulled for it; rejects when it was not.
   * Without `path` it is that in `/disk`.
   */
  imageOf(vmi: VirtualMachineInstance, container: string, path?: string): Promise<ImageFile>;
  /** The folder of the claim with a VMI's TPM and firmware variables; undefined when they do not persist. */
  stateOf(vmi: VirtualMachineInstance): Promise<string | undefined>;
  /** What a pod of a service account finds of it: its token, the certificate of the API's authority, the namespace. */
  accountFiles(namespace: string, account: string): Promise<Record<string, string>>;
  /** Objects of the cluster that become disks. */
  sources: ConfigSources;
  /** Volumes of a simulated guest have no files. */
  simulated: boolean;
}
