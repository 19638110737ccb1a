import { uploads } from '~/api/uploads';
import { toAmount } from '~/kubevirt/create/amount';
import { formatBytesNeeded, imageFormat } from '~/kubevirt/create/imageFormat';
import type { DraftDisk } from '~/kubevirt/create/vmDraft';

interface Target {
  namespace: string;
  /** Part of the name of the volume. */
  vmName: string;
  disk: DraftDisk;
}

/** What is to be sent: a file, or a part of one. */
export interface ImageFile {
  fileName: string;
  content: Blob;
  /** Where it lies in the file; undefined when it is of several. */
  part: { from: number; fileBytes: number } | undefined;
  /** What the disk needs, where that is known from elsewhere. */
  diskBytes?: number | undefined;
  sha256?: string | undefined;
}

const MIB = 2 ** 20;

/** A name that no volume is likely to have: of the VM, the disk, and a few random digits. */
function volumeName(vmName: string, disk: string): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const stem = `${vmName}-${disk}`.replaceAll(/[^a-z0-9-]/g, '').replace(/^-+/, '');
  return `${stem.slice(0, 55)}-${random.toString(36).slice(0, 5)}`;
}

/** Puts an image into the queue of uploads; gives the disk whose source its volume is. */
export async function takeImage(target: Target, image: ImageFile): Promise<DraftDisk> {
  const { namespace, vmName, disk } = target;
  const { content } = image;
  const head = new Uint8Array(await content.slice(0, formatBytesNeeded).arrayBuffer());
  const format = imageFormat(head, content.size);
  // Of a packed image it is not known how large it is: CDI says when it does not fit.
  const need = Math.max(format.diskBytes ?? 0, image.diskBytes ?? 0) || content.size * 4;
  const volumeBytes = Math.ceil(need / MIB) * MIB;
  const name = volumeName(vmName, disk.name);
  uploads.add(
    {
      ...{ namespace, name, volumeBytes, format: format.name },
      ...{ fileName: image.fileName, bytes: content.size, part: image.part },
      ...{ storageClass: disk.storageClass, wantedSha256: image.sha256 },
    },
    content,
  );
  return {
    ...disk,
    size: toAmount(volumeBytes),
    kind: format.name === 'iso' ? 'cdrom' : disk.kind,
    source: { kind: 'dataVolume', name },
  };
}

/** The same of a whole file. */
export function takeFile(target: Target, file: File): Promise<DraftDisk> {
  const part = { from: 0, fileBytes: file.size };
  return takeImage(target, { fileName: file.name, content: file, part });
}
