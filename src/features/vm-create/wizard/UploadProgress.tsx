import { Button, Progress, ProgressMeasureLocation, ProgressVariant } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { uploads } from '~/api/uploads';
import { formatBytes } from '~/k8s/quantity';
import type { Upload } from '~/k8s/Uploads';

/** How far an upload is, how fast, and what can be done about it. */
export function UploadProgress({ upload }: { upload: Upload }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { id, state, sentBytes, bytes, bytesPerSecond, failure, fileName } = upload;
  const isOver = state === 'succeeded' || state === 'failed' || state === 'cancelled';
  return (
    <div className="vd-upload">
      <Progress
        id={`vd-upload-${id}`}
        title={fileName}
        value={Math.floor((100 * sentBytes) / bytes)}
        measureLocation={ProgressMeasureLocation.outside}
        {...(state === 'failed' && { variant: ProgressVariant.danger })}
        {...(state === 'succeeded' && { variant: ProgressVariant.success })}
      />
      <span className="vd-hint" role="status">
        {useStateText(upload)}
      </span>
      {bytesPerSecond !== undefined && bytesPerSecond > 0 ? (
        <span className="vd-hint">
          {t('{{speed}} a second, {{time}} left', {
            speed: formatBytes(Math.round(bytesPerSecond)),
            time: clock((bytes - sentBytes) / bytesPerSecond),
          })}
        </span>
      ) : null}
      {failure ? <span className="vd-server-text">{failure.detail}</span> : null}
      <span>
        {state === 'failed' ? (
          <Button variant="link" isInline onClick={() => uploads.retry(id)}>
            {t('Try again')}
          </Button>
        ) : null}{' '}
        {isOver ? null : (
          <Button variant="link" isInline onClick={() => void uploads.cancel(id)}>
            {t('Cancel upload')}
          </Button>
        )}
      </span>
    </div>
  );
}

function useStateText({ state, sentBytes, bytes }: Upload): string {
  const { t } = useTranslation('plugin__virtdeck');
  switch (state) {
    case 'waiting':
      return t('Waits for another upload');
    case 'preparing':
      return t('The volume is being made ready');
    case 'sending':
      return t('{{sent}} of {{all}}', { sent: formatBytes(sentBytes), all: formatBytes(bytes) });
    case 'importing':
      return t('Sent; the cluster is writing it to the volume');
    case 'succeeded':
      return t('It is in the volume');
    case 'failed':
      return t('It failed');
    case 'cancelled':
      return t('Cancelled');
  }
}

/** `1:05` for 65 seconds. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
