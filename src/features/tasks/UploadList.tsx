import { useTranslation } from 'react-i18next';

import { useUploads } from '~/api/uploads';

import { UploadProgress } from './UploadProgress';

/** All uploads of this tab, the newest first. */
export function UploadList() {
  const { t } = useTranslation('plugin__virtdeck');
  const uploads = useUploads();
  if (uploads.length === 0) return null;
  return (
    <section className="vd-uploads" aria-label={t('Uploads')}>
      {[...uploads].reverse().map((upload) => (
        <UploadProgress key={upload.id} upload={upload} />
      ))}
    </section>
  );
}
