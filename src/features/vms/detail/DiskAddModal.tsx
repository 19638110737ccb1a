import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type DraftDisk, diskDraft } from '~/kubevirt/create/vmDraft';
import { deviceNames, diskAdd, freeName } from '~/kubevirt/diskEdit';
import { hotplugBuses } from '~/kubevirt/diskKinds';

import { DiskFields } from '../../forms/DiskFields';
import { diskPrefix, useDiskForm } from './useDiskForm';
import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

/** Adds a disk: a new one, or what is there already. A guest that runs gets it at once where it can. */
export function DiskAddModal({ vm, vmi, onClose }: VmEditorProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { name: vmName = '', namespace = '' } = vm.metadata ?? {};
  const [disk, setDisk] = useState<DraftDisk>(() => ({
    ...diskDraft(freeName(vm, 'disk'), { kind: 'blank' }),
    bus: vmi ? 'scsi' : 'virtio',
  }));
  const { claims, errorOf, invalidReason, onCancel, ...known } = useDiskForm(
    disk,
    namespace,
    deviceNames(vm),
  );
  const isLate = vmi && disk.kind === 'disk' && disk.bus !== '' && !hotplugBuses.includes(disk.bus);

  return (
    <VmEditModal
      vm={vm}
      vmi={vmi}
      size="large"
      title={t('Add disk')}
      submitLabel={t('Add')}
      edit={(one) => diskAdd(one, disk, claims)}
      invalidReason={invalidReason}
      onCancel={onCancel}
      onClose={onClose}
    >
      <DiskFields
        prefix={diskPrefix}
        disk={disk}
        namespace={namespace}
        vmName={vmName}
        hasPreference={false}
        {...known}
        errorOf={errorOf}
        onChange={setDisk}
      />
      {isLate ? (
        <span className="vd-hint">{t('A disk on this bus comes with the next start.')}</span>
      ) : null}
    </VmEditModal>
  );
}
