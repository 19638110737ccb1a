import { useTranslation } from 'react-i18next';

import type { SnapshotRow } from '~/kubevirt/vmSnapshots';
import { ToneLabel } from '~/ui/ToneLabel';

/** Whether a snapshot can be restored, and what is wrong with it or left out. */
export function SnapshotState({ snapshot }: { snapshot: SnapshotRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { phase, isReady, failure, excluded } = snapshot;
  const tone = isReady ? 'success' : failure === '' ? 'progress' : 'danger';
  return (
    <>
      <ToneLabel isPlain tone={tone} text={isReady ? t('Ready') : phase} />
      {failure === '' ? null : <div className="vd-hint vd-server-text">{failure}</div>}
      {excluded.length === 0 ? null : (
        <div className="vd-hint">{t('Without: {{disks}}', { disks: excluded.join(', ') })}</div>
      )}
    </>
  );
}
