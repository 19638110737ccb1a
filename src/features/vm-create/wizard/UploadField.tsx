import { Button } from '@patternfly/react-core';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { uploads, useUploads } from '~/api/uploads';
import { toAmount } from '~/kubevirt/create/amount';
import { formatBytesNeeded, imageFormat } from '~/kubevirt/create/imageFormat';
import type { DraftDisk } from '~/kubevirt/create/vmDraft';
import { FieldGroup } from '~/ui/FieldGroup';

import { UploadProgress } from './UploadProgress';

interface Props {
  id: string;
  disk: DraftDisk;
  namespace: string;
  vmName: string;
  error: string | undefined;
  onChange: (disk: DraftDisk) => void;
}

/** A name that no volume is likely to have: of the VM, the disk, and a few random digits. */
function volumeName(vmName: string, disk: string): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const stem = `${vmName}-${disk}`.replaceAll(/[^a-z0-9-]/g, '').replace(/^-+/, '');
  return `${stem.slice(0, 55)}-${random.toString(36).slice(0, 5)}`;
}

/** Chooses an image on this computer, by a dialog or by dropping it, and sends it at once. */
export function UploadField({ id, disk, namespace, vmName, error, onChange }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [mistake, setMistake] = useState<string>();
  const name = disk.source.kind === 'dataVolume' ? disk.source.name : '';
  const upload = useUploads().find((one) => one.name === name && one.namespace === namespace);
  const take = async (file: File) => {
    setMistake(undefined);
    if (file.size === 0) {
      setMistake(t('{{file}} is empty.', { file: file.name }));
      return;
    }
    const head = new Uint8Array(await file.slice(0, formatBytesNeeded).arrayBuffer());
    const format = imageFormat(head, file.size);
    // Of a packed image it is not known how large it is: CDI says when it does not fit.
    const need = format.diskBytes ?? file.size * 4;
    const size = toAmount(Math.ceil(need / 2 ** 20) * 2 ** 20);
    const volumeBytes = Math.ceil(need / 2 ** 20) * 2 ** 20;
    const { storageClass } = disk;
    const target = { namespace, name: volumeName(vmName, disk.name), storageClass, volumeBytes };
    uploads.add({ ...target, fileName: file.name, bytes: file.size }, file);
    onChange({
      ...disk,
      size,
      kind: format.name === 'iso' ? 'cdrom' : disk.kind,
      source: { kind: 'dataVolume', name: target.name },
    });
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) void take(file);
  };
  if (name !== '') {
    return (
      <FieldGroup label={t('Uploaded image')} fieldId={id} error={error}>
        {upload ? (
          <UploadProgress upload={upload} />
        ) : (
          <span>{t('DataVolume {{name}}', { name })}</span>
        )}
        <Button
          variant="link"
          isInline
          onClick={() => {
            if (upload) void uploads.cancel(upload.id);
            onChange({ ...disk, source: { kind: 'dataVolume', name: '' } });
          }}
        >
          {t('Choose another file')}
        </Button>
      </FieldGroup>
    );
  }
  return (
    <FieldGroup
      label={t('Image on this computer')}
      fieldId={id}
      help={t(
        'qcow2, raw, ISO, VMDK, VDI, VHD, or one of these packed as gz or xz. It is sent at once.',
      )}
      error={mistake ?? error}
    >
      {/* The button does the same for those without a mouse. */}
      <div
        className={`vd-drop${isOver ? ' vd-drop-over' : ''}`}
        role="presentation"
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <span className="vd-hint">{t('Drop a file here, or')}</span>
        <Button
          variant="secondary"
          isDisabled={namespace === ''}
          onClick={() => input.current?.click()}
        >
          {t('Choose a file')}
        </Button>
        <input
          ref={input}
          id={id}
          type="file"
          className="vd-visually-hidden"
          tabIndex={-1}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void take(file);
          }}
        />
      </div>
    </FieldGroup>
  );
}
