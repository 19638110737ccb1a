import { Button } from '@patternfly/react-core';
import { type DragEvent, lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { uploads, useUploads } from '~/api/uploads';
import { isAppliance } from '~/kubevirt/create/appliance/applianceName';
import type { DraftDisk } from '~/kubevirt/create/vmDraft';
import { FieldGroup } from '~/ui/FieldGroup';

import '~/ui/forms.css';
import { takeFile } from './takeFile';

// A feature does not import another, but uploads are tasks that are seen in both.
const UploadProgress = lazy(() =>
  // eslint-disable-next-line import-x/no-restricted-paths
  import('../tasks/UploadProgress').then((module) => ({ default: module.UploadProgress })),
);

interface Props {
  id: string;
  disk: DraftDisk;
  namespace: string;
  vmName: string;
  error: string | undefined;
  /** Takes the files of a virtual appliance; undefined where there is no VM to be made of it. */
  onAppliance: ((files: readonly File[]) => void) | undefined;
  onChange: (disk: DraftDisk) => void;
}

/** Chooses an image on this computer, by a dialog or by dropping it, and sends it at once. */
export function UploadField(props: Props) {
  const { id, disk, namespace, vmName, error, onAppliance, onChange } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [mistake, setMistake] = useState<string>();
  const name = disk.source.kind === 'dataVolume' ? disk.source.name : '';
  const upload = useUploads().find((one) => one.name === name && one.namespace === namespace);
  const take = async (files: readonly File[]) => {
    setMistake(undefined);
    const [file] = files;
    if (!file) return;
    if (isAppliance(files)) {
      if (onAppliance) onAppliance(files);
      else setMistake(t('It is a virtual appliance: create a virtual machine of it.'));
      return;
    }
    if (file.size === 0) {
      setMistake(t('{{file}} is empty.', { file: file.name }));
      return;
    }
    try {
      onChange(await takeFile({ namespace, vmName, disk }, file));
    } catch (thrown) {
      // A folder, or a file that this user may not read: in the browser's words.
      setMistake(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    void take([...event.dataTransfer.files]);
  };
  if (name !== '') {
    return (
      <FieldGroup label={t('Uploaded image')} fieldId={id} error={error}>
        {upload ? (
          <Suspense fallback={null}>
            <UploadProgress upload={upload} />
          </Suspense>
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
      help={
        onAppliance
          ? t(
              'qcow2, raw, ISO, VMDK, VDI, VHD, or one of these packed as gz or xz, which is sent at once; or an OVA, or an OVF with its disks.',
            )
          : t('qcow2, raw, ISO, VMDK, VDI, VHD, or one of these packed as gz or xz.')
      }
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
          multiple
          className="vd-visually-hidden"
          tabIndex={-1}
          onChange={(event) => {
            const files = [...(event.target.files ?? [])];
            // Else the browser would keep quiet when the same file is chosen again.
            event.target.value = '';
            void take(files);
          }}
        />
      </div>
    </FieldGroup>
  );
}
