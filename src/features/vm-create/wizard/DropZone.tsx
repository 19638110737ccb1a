import { type DragEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isAppliance } from '~/kubevirt/create/appliance/applianceName';
import { withImageDisk } from '~/kubevirt/create/imageDisk';
import { diskDraft, freeName } from '~/kubevirt/create/vmDraft';
import { toastAdd } from '~/ui/toasts';

import { applianceOpen } from '../appliance/applianceOpen';
import { draftStore } from '../draftStore';
import { takeFile } from '../../forms/takeFile';

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

/** Takes files that are dropped anywhere on it: an appliance, or images that become disks. */
export function DropZone({ children }: { children: ReactNode }) {
  const { t } = useTranslation('plugin__virtdeck');
  const [isOver, setOver] = useState(false);
  const refuse = (detail: string) =>
    toastAdd({ tone: 'danger', title: t('The file cannot be taken'), detail });
  const take = async (files: readonly File[]) => {
    if (isAppliance(files)) {
      applianceOpen(files);
      return;
    }
    for (const file of files) {
      const draft = draftStore.getSnapshot();
      if (!draft) return;
      const { namespace, name: vmName } = draft;
      if (namespace === '') return refuse(t('Choose a project'));
      if (file.size === 0) return refuse(t('{{file}} is empty.', { file: file.name }));
      const names = draft.disks.map(({ name }) => name);
      try {
        const target = diskDraft(freeName('disk', names), { kind: 'blank' });
        const disk = await takeFile({ namespace, vmName, disk: target }, file);
        draftStore.set(withImageDisk(draftStore.getSnapshot() ?? draft, disk));
      } catch (thrown) {
        // A folder, or a file that this user may not read: in the browser's words.
        return refuse(thrown instanceof Error ? thrown.message : String(thrown));
      }
    }
  };
  return (
    // Buttons of the steps do the same for those without a mouse.
    <div
      role="presentation"
      className={isOver ? 'vd-drop-zone' : undefined}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        void take([...event.dataTransfer.files]);
      }}
    >
      {children}
    </div>
  );
}
