import { Checkbox, NumberInput, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { claimResize } from '~/api/claims';
import type { VmRef } from '~/api/vms';
import { formatBytes } from '~/k8s/quantity';
import { type DraftDisk, diskDraft } from '~/kubevirt/create/vmDraft';
import { diskChange, diskDetach, mediumEject, mediumInsert, readDisk } from '~/kubevirt/diskEdit';
import { busesOf, type DiskKind } from '~/kubevirt/diskKinds';
import type { ErrorText } from '~/ui/ErrorText';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';

import { useErrorText } from '~/api/useErrorText';
import { DiskFields } from '../../forms/DiskFields';
import { ChoiceField } from '~/ui/ChoiceField';
import { diskPrefix, useDiskForm } from './useDiskForm';
import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

type DiskProps = VmEditorProps & { disk: string };

/** Changes how a disk is attached. */
export function DiskEditModal({ disk, kind, ...props }: DiskProps & { kind: DiskKind }) {
  const { t } = useTranslation('plugin__virtdeck');
  const [values, setValues] = useState(() => readDisk(props.vm, disk));
  const caches = ['', 'none', 'writethrough', 'writeback'];
  return (
    <VmEditModal
      {...props}
      title={t('Edit disk {{name}}', { name: disk })}
      edit={(one) => diskChange(one, disk, values)}
    >
      <ChoiceField
        id="vd-disk-bus"
        label={t('Bus')}
        value={values.bus}
        choices={busesOf(kind).map((value) => ({ value, label: value }))}
        onChange={(bus) => setValues({ ...values, bus })}
      />
      <ChoiceField
        id="vd-disk-cache"
        label={t('Cache')}
        value={values.cache}
        choices={caches.map((value) => ({ value, label: value || t('Default') }))}
        onChange={(cache) => setValues({ ...values, cache })}
      />
      <FieldGroup
        label={t('Serial number')}
        fieldId="vd-disk-serial"
        error={undefined}
        help={t('By this the guest can tell the disk from others.')}
      >
        <TextInput
          id="vd-disk-serial"
          aria-describedby="vd-disk-serial-help"
          value={values.serial}
          onChange={(_event, serial) => setValues({ ...values, serial })}
        />
      </FieldGroup>
      <Checkbox
        id="vd-disk-shareable"
        label={t('Shareable: several virtual machines may use it at the same time')}
        isChecked={values.isShareable}
        onChange={(_event, isShareable) => setValues({ ...values, isShareable })}
      />
    </VmEditModal>
  );
}

/** Takes a disk out of the VM; the volume stays. */
export function DiskDetachModal({ disk, ...props }: DiskProps) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <VmEditModal
      {...props}
      size="small"
      title={t('Detach disk {{name}}?', { name: disk })}
      submitLabel={t('Detach')}
      edit={(one) => diskDetach(one, disk)}
    >
      <p>{t('The guest loses the disk. The volume and what is on it stay.')}</p>
    </VmEditModal>
  );
}

export function MediumEjectModal({ disk, ...props }: DiskProps) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <VmEditModal
      {...props}
      size="small"
      title={t('Eject the medium of {{name}}?', { name: disk })}
      submitLabel={t('Eject')}
      edit={(one) => mediumEject(one, disk)}
    >
      <p>{t('The drive stays, empty. The volume and what is on it stay too.')}</p>
    </VmEditModal>
  );
}

/** Fills an empty drive: with a volume that is there, or one that is made of an image. */
export function MediumInsertModal({ disk, ...props }: DiskProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { name: vmName = '', namespace = '' } = props.vm.metadata ?? {};
  const [medium, setMedium] = useState<DraftDisk>(() => ({
    ...diskDraft(disk, { kind: 'claim', name: '' }),
    kind: 'cdrom',
  }));
  const { claims, errorOf, invalidReason, onCancel, ...known } = useDiskForm(medium, namespace, []);
  return (
    <VmEditModal
      {...props}
      title={t('Insert a medium into {{name}}', { name: disk })}
      submitLabel={t('Insert')}
      edit={(one) => mediumInsert(one, medium, claims)}
      invalidReason={invalidReason}
      onCancel={onCancel}
    >
      <DiskFields
        isMedium
        prefix={diskPrefix}
        disk={medium}
        namespace={namespace}
        vmName={vmName}
        hasPreference={false}
        {...known}
        errorOf={errorOf}
        // An image of a CD is known as such; what is in a drive stays there.
        onChange={(next) => setMedium({ ...next, name: disk, kind: 'cdrom' })}
      />
    </VmEditModal>
  );
}

interface ResizeProps {
  claim: VmRef;
  bytes: number;
  onClose: () => void;
}

const gibibyte = 2 ** 30;

/** Makes the volume behind a disk larger. */
export function DiskResizeModal({ claim, bytes, onClose }: ResizeProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const toErrorText = useErrorText();
  const [size, setSize] = useState(Math.ceil(bytes / gibibyte) + 1);
  const [isSubmitting, setSubmitting] = useState(false);
  const [submitError, setSubmitError] = useState<ErrorText>();
  const save = async () => {
    setSubmitting(true);
    setSubmitError(undefined);
    try {
      await claimResize(claim, size * gibibyte);
      toastAdd({ tone: 'success', title: t('Resizing {{name}}', { name: claim.name }) });
      onClose();
    } catch (error) {
      setSubmitError(toErrorText(error));
      setSubmitting(false);
    }
  };
  return (
    <FormModal
      title={t('Make {{name}} larger', { name: claim.name })}
      size="small"
      submitLabel={t('Resize')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={
        size * gibibyte > bytes ? undefined : t('A volume can only become larger.')
      }
      onSubmit={() => void save()}
      onCancel={onClose}
    >
      <FieldGroup
        label={t('Size (GiB)')}
        fieldId="vd-resize"
        error={undefined}
        help={t('It has {{size}} now. File systems in the guest are enlarged there.', {
          size: formatBytes(bytes),
        })}
      >
        <NumberInput
          inputProps={{ id: 'vd-resize', 'aria-describedby': 'vd-resize-help' }}
          inputAriaLabel={t('Size (GiB)')}
          minusBtnAriaLabel={t('Smaller')}
          plusBtnAriaLabel={t('Larger')}
          min={1}
          value={size}
          onMinus={() => setSize(size - 1)}
          onPlus={() => setSize(size + 1)}
          onChange={(event) => setSize(Number(event.currentTarget.value) || 0)}
        />
      </FieldGroup>
    </FormModal>
  );
}
