import { type DraftDisk, diskDraft, rootDisk, type VmDraft } from '~/kubevirt/create/vmDraft';

/**
 * The draft with the disk of a file that was given to it: the first image is what the VM begins with, an
 * ISO is the medium for an installation onto an empty disk, and each further one a disk more.
 */
export function withImageDisk(draft: VmDraft, disk: DraftDisk): VmDraft {
  const [root = diskDraft(rootDisk, { kind: 'blank' }), ...others] = draft.disks;
  const isUploaded = root.source.kind === 'dataVolume' && root.source.name !== '';
  if (disk.kind === 'cdrom') {
    // The empty disk first: it cannot boot until the system is on it, and then the medium is not wanted.
    const first: DraftDisk = isUploaded
      ? root
      : { ...root, source: { kind: 'blank' }, bootOrder: 1 };
    return { ...draft, disks: [first, ...others, { ...disk, bootOrder: 2 }] };
  }
  if (isUploaded) return { ...draft, disks: [root, ...others, disk] };
  return { ...draft, disks: [{ ...disk, name: root.name }, ...others] };
}
