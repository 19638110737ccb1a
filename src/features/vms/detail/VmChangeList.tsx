import { useTranslation } from 'react-i18next';

import type { Change } from '~/k8s/jsonPatch';
import type { Conflict } from '~/k8s/mergeChanges';
import { ChangeList, ConflictList } from '~/ui/ChangeList';

/** What an edit changes. */
export function VmChangeList({ changes }: { changes: readonly Change[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  return <ChangeList label={t('Changes')} emptyText={t('Nothing is changed.')} changes={changes} />;
}

/** Places that somebody else changed too, with both values. */
export function VmConflictList({ conflicts }: { conflicts: readonly Conflict[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <ConflictList
      label={t('Conflicts')}
      texts={{ before: t('Before'), theirs: t('Theirs'), yours: t('Yours') }}
      conflicts={conflicts}
    />
  );
}
