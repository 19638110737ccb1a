import { ApplianceError } from '~/kubevirt/create/appliance/ApplianceError';
import { type ApplianceChoice, applianceDraft } from '~/kubevirt/create/appliance/applianceDraft';
import type { Appliance } from '~/kubevirt/create/appliance/openAppliance';
import type { VmDraft } from '~/kubevirt/create/vmDraft';

import { draftStore } from '../draftStore';
import { takeImage } from '../../forms/takeFile';

export type ApplianceMapping = Omit<ApplianceChoice, 'volumes'>;

interface Taken {
  draft: VmDraft;
  appliance: Appliance;
  mapping: ApplianceMapping;
  files: readonly File[];
}

/** Sends the disks, each as an upload of its own, and makes the appliance the wizard's draft. */
export async function takeAppliance({ draft, appliance, mapping, files }: Taken): Promise<void> {
  const volumes = appliance.disks.map(() => '');
  const before = applianceDraft(draft, appliance, { ...mapping, volumes });
  const { namespace, name: vmName } = before;
  const disks = [...before.disks];
  for (const [index, { content, bytes, sha256, file }] of appliance.disks.entries()) {
    const disk = disks[index];
    if (!content || !disk) continue;
    if (content.size === 0) throw new ApplianceError('missingFile', file?.name);
    const [only] = files;
    const whole = files.length === 1 ? only : files.find((one) => one === content);
    const name = file?.name ?? disk.name;
    disks[index] = await takeImage(
      { namespace, vmName, disk },
      {
        ...{ content, sha256, diskBytes: bytes },
        fileName: whole && whole !== content ? `${whole.name}: ${name}` : name,
        part: whole && partOf(appliance, index, whole),
      },
    );
  }
  draftStore.set({ ...before, disks });
}

/** Where a disk lies in the file that was chosen, so that it can be chosen again after a reload. */
function partOf({ disks }: Appliance, index: number, whole: File) {
  const from = disks[index]?.from;
  return from === undefined ? undefined : { from, fileBytes: whole.size };
}
