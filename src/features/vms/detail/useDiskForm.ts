import { useTranslation } from 'react-i18next';

import { type BootSources, useBootSources } from '~/api/bootSources';
import { useStorageFacts } from '~/api/storage';
import { useWatchList } from '~/api/useWatch';
import { nameOf } from '~/k8s/KubernetesObject';
import { persistentVolumeClaims } from '~/k8s/models';
import { rowsOf } from '~/k8s/Watched';
import { diskProblems } from '~/kubevirt/create/diskProblems';
import type { StorageFacts } from '~/kubevirt/create/storageAbilities';
import type { DraftDisk } from '~/kubevirt/create/vmDraft';
import { toastAdd } from '~/ui/toasts';

/** Of the fields of the one disk of a dialog. */
export const diskPrefix = 'disk';

interface DiskForm {
  sources: BootSources;
  storage: StorageFacts;
  /** Names of the claims of the project. */
  claims: readonly string[];
  errorOf: (field: string) => string | undefined;
  /** Why the disk cannot be had as it is. */
  invalidReason: string | undefined;
  /** Tells what stays of a form that is left without its disk. */
  onCancel: () => void;
}

/** What a form of one disk needs to know; `others` are the names that it may not have. */
export function useDiskForm(
  disk: DraftDisk,
  namespace: string,
  others: readonly string[],
): DiskForm {
  const { t } = useTranslation('plugin__virtdeck');
  const sources = useBootSources(namespace);
  const storage = useStorageFacts();
  const watched = useWatchList({ model: persistentVolumeClaims, namespace, toRow: nameOf });
  const problems = diskProblems(disk, others);
  const [first] = problems;
  return {
    ...{ sources, storage, claims: rowsOf(watched) ?? [] },
    errorOf: (field) => {
      const found = problems.find(
        (one) => `${diskPrefix}-${one.field}` === field && one.isMissing !== true,
      );
      return found && t(found.text);
    },
    invalidReason: first && t(first.text),
    onCancel: () => {
      const { source } = disk;
      if (source.kind !== 'dataVolume' || source.name === '') return;
      toastAdd({
        tone: 'info',
        title: t('The volume {{name}} stays', { name: source.name }),
        detail: t(
          'It was uploaded for a disk that was not added. Add it as a volume; an upload that goes on can be cancelled in the recent tasks.',
        ),
      });
    },
  };
}
