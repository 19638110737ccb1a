import { useTranslation } from 'react-i18next';

import type { TaskRow } from '~/kubevirt/taskRow';

/** What is done, by the kind of the object that stands for it. */
export function useTaskTitles(): Record<TaskRow['kind'], string> {
  const { t } = useTranslation('plugin__virtdeck');
  return {
    VirtualMachineInstanceMigration: t('Live migration'),
    DataVolume: t('Make a disk'),
    VirtualMachineSnapshot: t('Snapshot'),
    VirtualMachineRestore: t('Restore a snapshot'),
    VirtualMachineClone: t('Clone'),
    VirtualMachineExport: t('Export'),
  };
}
