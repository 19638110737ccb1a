import {
  Button,
  Flex,
  Progress,
  ProgressMeasureLocation,
  ProgressVariant,
} from '@patternfly/react-core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { uploads } from '~/api/uploads';
import { detailOf } from '~/k8s/errors';
import { formatBytes } from '~/k8s/quantity';
import type { Upload } from '~/k8s/Uploads';

import './uploads.css';

/** How far an upload is, how fast, and what can be done about it. */
export function UploadProgress({ upload }: { upload: Upload }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { id, state, sentBytes, bytes, bytesPerSecond, failure, fileName, sha256 } = upload;
  return (
    <div className="vd-upload" role="group" aria-label={fileName}>
      <Progress
        id={`vd-upload-${id}`}
        title={`${fileName} (${upload.format})`}
        value={Math.floor((100 * sentBytes) / bytes)}
        measureLocation={ProgressMeasureLocation.outside}
        {...(state === 'failed' && { variant: ProgressVariant.danger })}
        {...(state === 'interrupted' && { variant: ProgressVariant.warning })}
        {...(state === 'succeeded' && { variant: ProgressVariant.success })}
      />
      <span className="vd-hint" role="status">
        {useStateText(upload)}
      </span>
      {upload.format === 'raw' ? (
        <span className="vd-hint">
          {t(
            'Its first bytes name no format of disk images: it is taken as the content of a disk.',
          )}
        </span>
      ) : null}
      {bytesPerSecond !== undefined && bytesPerSecond > 0 ? (
        <span className="vd-hint">
          {t('{{speed}} a second, {{time}} left', {
            speed: formatBytes(Math.round(bytesPerSecond)),
            time: clock((bytes - sentBytes) / bytesPerSecond),
          })}
        </span>
      ) : null}
      {sha256 === undefined ? null : (
        <span className="vd-hint vd-upload-digest">{`SHA-256 ${sha256}`}</span>
      )}
      {failure ? <span className="vd-server-text">{detailOf(failure, t)}</span> : null}
      <UploadButtons upload={upload} />
    </div>
  );
}

function UploadButtons({ upload }: { upload: Upload }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { id, state } = upload;
  const isOver = state === 'succeeded' || state === 'cancelled';
  const isPausable = state === 'waiting' || state === 'preparing' || state === 'sending';
  return (
    <Flex columnGap={{ default: 'columnGapMd' }}>
      {state === 'interrupted' ? <FileAgain upload={upload} /> : null}
      {state === 'failed' ? (
        <Button variant="link" isInline onClick={() => uploads.retry(id)}>
          {t('Try again')}
        </Button>
      ) : null}
      {state === 'paused' ? (
        <Button variant="link" isInline onClick={() => uploads.retry(id)}>
          {t('Continue from the beginning')}
        </Button>
      ) : null}
      {isPausable ? (
        <Button
          variant="link"
          isInline
          title={t(
            'What was sent of it is sent again later: the cluster cannot go on within a file.',
          )}
          onClick={() => uploads.pause(id)}
        >
          {t('Pause')}
        </Button>
      ) : null}
      {isOver ? (
        <Button variant="link" isInline onClick={() => uploads.forget(id)}>
          {t('Remove from the list')}
        </Button>
      ) : (
        <Button variant="link" isInline onClick={() => void uploads.cancel(id)}>
          {t('Cancel upload')}
        </Button>
      )}
    </Flex>
  );
}

/** Asks for the file of an upload that a reload has cut off. */
function FileAgain({ upload }: { upload: Upload }) {
  const { t } = useTranslation('plugin__virtdeck');
  const input = useRef<HTMLInputElement>(null);
  const [isOther, setOther] = useState(false);
  if (upload.part === undefined) {
    return <span className="vd-hint">{t('It was of several files: begin it anew.')}</span>;
  }
  return (
    <>
      <Button variant="link" isInline onClick={() => input.current?.click()}>
        {t('Choose the file again')}
      </Button>
      {isOther ? (
        <span className="vd-tone-danger" role="alert">
          {t('This is another file: it has not the same size.')}
        </span>
      ) : null}
      <input
        ref={input}
        type="file"
        aria-label={t('Choose {{file}} again', { file: upload.fileName })}
        className="vd-visually-hidden"
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) setOther(!uploads.resume(upload.id, file));
        }}
      />
    </>
  );
}

function useStateText({ state, sentBytes, bytes, phase, percent }: Upload): string {
  const { t } = useTranslation('plugin__virtdeck');
  switch (state) {
    case 'waiting':
      return t('Waits for another upload');
    case 'paused':
      return t('Paused; it will be sent from the beginning');
    case 'preparing':
      return t('The volume is being made ready');
    case 'sending':
      return t('{{sent}} of {{all}}', { sent: formatBytes(sentBytes), all: formatBytes(bytes) });
    case 'importing':
      return [
        t('Sent; the cluster is writing it to the volume'),
        phase,
        percent === undefined ? '' : `${Math.floor(percent)} %`,
      ]
        .filter(Boolean)
        .join(' · ');
    case 'succeeded':
      return t('It is in the volume');
    case 'failed':
      return t('It failed');
    case 'cancelled':
      return t('Cancelled');
    case 'interrupted':
      return t('Cut off, as the page was loaded anew');
  }
}

/** `1:05` for 65 seconds. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
