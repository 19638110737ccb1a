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
  };
}
