import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useBootSources } from '~/api/bootSources';
import { useStorageFacts } from '~/api/storage';
import { uploads } from '~/api/uploads';
import { useWatchList } from '~/api/useWatch';
import { nameOf } from '~/k8s/KubernetesObject';
import { persistentVolumeClaims } from '~/k8s/models';
import { rowsOf } from '~/k8s/Watched';
import { diskProblems } from '~/kubevirt/create/diskProblems';
import { type DraftDisk, diskDraft } from '~/kubevirt/create/vmDraft';
import { deviceNames, diskAdd, freeName } from '~/kubevirt/diskEdit';
import { hotplugBuses } from '~/kubevirt/diskKinds';

import { DiskFields } from '../../forms/DiskFields';
import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

const prefix = 'disk';

/** Adds a disk: a new one, or what is there already. A guest that runs gets it at once where it can. */
export function DiskAddModal({ vm, vmi, onClose }: VmEditorProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { name: vmName = '', namespace = '' } = vm.metadata ?? {};
  const [disk, setDisk] = useState<DraftDisk>(() => ({
    ...diskDraft(freeName(vm, 'disk'), { kind: 'blank' }),
    bus: vmi ? 'scsi' : 'virtio',
  }));
  const sources = useBootSources(namespace);
  const storage = useStorageFacts();
  const watched = useWatchList({ model: persistentVolumeClaims, namespace, toRow: nameOf });
  const claims = rowsOf(watched) ?? [];
  const problems = diskProblems(disk, deviceNames(vm));
  const errorOf = (field: string) => {
    const found = problems.find((one) => `${prefix}-${one.field}` === field && !one.isMissing);
    return found && t(found.text);
  };
  const [problem] = problems;
  const isLate = vmi && disk.kind === 'disk' && disk.bus !== '' && !hotplugBuses.includes(disk.bus);

  // What was sent for it alone is of no use to anybody without it.
  const dropUpload = () => {
    const { source } = disk;
    if (source.kind !== 'dataVolume') return;
    const upload = uploads
      .getSnapshot()
      .find((one) => one.name === source.name && one.namespace === namespace);
    if (upload) void uploads.cancel(upload.id);
  };

  return (
    <VmEditModal
      vm={vm}
      vmi={vmi}
      size="large"
      title={t('Add disk')}
      submitLabel={t('Add')}
      edit={(one) => diskAdd(one, disk, claims)}
      invalidReason={problem && t(problem.text)}
      onCancel={dropUpload}
      onClose={onClose}
    >
      <DiskFields
        prefix={prefix}
        disk={disk}
        namespace={namespace}
        vmName={vmName}
        hasPreference={false}
        sources={sources}
        storage={storage}
        errorOf={errorOf}
        onChange={setDisk}
      />
      {isLate ? (
        <span className="vd-hint">{t('A disk on this bus comes with the next start.')}</span>
      ) : null}
    </VmEditModal>
  );
}
