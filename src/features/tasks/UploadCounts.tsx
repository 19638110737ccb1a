import { useTranslation } from 'react-i18next';

import { useUploads } from '~/api/uploads';
import type { UploadState } from '~/k8s/Uploads';

const underWay: ReadonlySet<UploadState> = new Set([
  ...(['waiting', 'paused', 'preparing', 'sending', 'importing'] as const),
]);

/** How many uploads there are. By itself, as it is drawn at each step of their progress. */
export function UploadCounts() {
  const { t } = useTranslation('plugin__virtdeck');
  const uploads = useUploads();
  const under = uploads.filter(({ state }) => underWay.has(state)).length;
  const cut = uploads.filter(({ state }) => state === 'interrupted' || state === 'failed').length;
  return (
    <>
      {under > 0 ? (
        <span className="vd-subtle"> {t('{{count}} uploads under way', { count: under })}</span>
      ) : null}
      {cut > 0 ? (
        <span className="vd-tasks-failed"> {t('{{count}} uploads cut off', { count: cut })}</span>
      ) : null}
    </>
  );
}
