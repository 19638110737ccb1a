import { FormSelect, FormSelectOption, NumberInput, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useWatchList } from '~/api/useWatch';
import { nameOf } from '~/k8s/KubernetesObject';
import { rowsOf } from '~/k8s/Watched';
import { persistentVolumeClaims, storageClasses } from '~/k8s/models';
import {
  busesOf,
  diskAdd,
  type DiskKind,
  type DiskSource,
  freeName,
  hotplugBuses,
} from '~/kubevirt/diskEdit';
import { FieldGroup } from '~/ui/FieldGroup';

import { SelectField } from './SelectField';
import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

const gibibyte = 2 ** 30;

type Values = {
  name: string;
  kind: DiskKind;
  bus: string;
  from: DiskSource['kind'];
  gibibytes: number;
  storageClass: string;
  url: string;
  claim: string;
  image: string;
};

function sourceOf(values: Values): DiskSource {
  const { from, storageClass, url, claim, image } = values;
  const bytes = values.gibibytes * gibibyte;
  switch (from) {
    case 'blank':
      return { kind: 'blank', bytes, storageClass };
    case 'url':
      return { kind: 'url', url, bytes, storageClass };
    case 'claim':
      return { kind: 'claim', claim };
    case 'containerDisk':
      return { kind: 'containerDisk', image };
    case 'none':
      return { kind: 'none' };
  }
}

/** Adds a disk: a new one, or what is there already. A guest that runs gets it at once where it can. */
export function DiskAddModal({ vm, vmi, onClose }: VmEditorProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [values, setValues] = useState<Values>(() => ({
    ...{ name: freeName(vm, 'disk'), kind: 'disk', bus: vmi ? 'scsi' : 'virtio', from: 'blank' },
    ...{ gibibytes: 10, storageClass: '', url: '', claim: '', image: '' },
  }));
  const namespace = vm.metadata?.namespace ?? '';
  const watched = useWatchList({ model: persistentVolumeClaims, namespace, toRow: nameOf });
  const claims = rowsOf(watched) ?? [];
  const set = (change: Partial<Values>) => setValues({ ...values, ...change });
  const { name, kind, from } = values;
  const buses = busesOf(kind);
  const bus = buses.find((one) => one === values.bus) ?? 'sata';

  const nameMistake = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
    ? undefined
    : t('Use small letters, digits and hyphens.');
  const missing = {
    blank: values.gibibytes > 0,
    url: values.url !== '' && values.gibibytes > 0,
    claim: values.claim !== '',
    containerDisk: values.image !== '',
    none: true,
  }[from]
    ? undefined
    : t('Say what is on the disk.');

  const sources: readonly { value: Values['from']; label: string }[] = [
    { value: 'blank', label: t('Empty disk') },
    { value: 'url', label: t('Image from a URL') },
    { value: 'claim', label: t('Volume that is there (PersistentVolumeClaim)') },
    { value: 'containerDisk', label: t('Container image (its changes are lost at a stop)') },
    ...(kind === 'cdrom' ? [{ value: 'none' as const, label: t('Nothing: an empty drive') }] : []),
  ];
  return (
    <VmEditModal
      vm={vm}
      vmi={vmi}
      title={t('Add disk')}
      submitLabel={t('Add')}
      edit={(one) => diskAdd(one, { name, kind, bus, source: sourceOf(values) }, claims)}
      invalidReason={nameMistake ?? missing}
      onClose={onClose}
    >
      <FieldGroup label={t('Name')} fieldId="vd-disk-name" isRequired error={nameMistake}>
        <TextInput
          id="vd-disk-name"
          aria-describedby="vd-disk-name-help"
          value={name}
          onChange={(_event, next) => set({ name: next })}
        />
      </FieldGroup>
      <SelectField
        id="vd-disk-kind"
        label={t('Type')}
        value={kind}
        options={[
          { value: 'disk', label: t('Disk') },
          { value: 'cdrom', label: t('CD-ROM') },
          { value: 'lun', label: t('LUN') },
        ]}
        onChange={(next) =>
          set({ kind: next, ...(next !== 'cdrom' && from === 'none' ? { from: 'blank' } : {}) })
        }
      />
      <SelectField
        id="vd-disk-bus"
        label={t('Interface')}
        value={bus}
        options={buses.map((one) => ({ value: one, label: one }))}
        help={
          vmi && kind === 'disk' && !hotplugBuses.includes(bus)
            ? t('A disk on this interface comes with the next start.')
            : undefined
        }
        onChange={(next) => set({ bus: next })}
      />
      <SelectField
        id="vd-disk-from"
        label={t('Content')}
        value={from}
        options={sources}
        onChange={(next) => set({ from: next })}
      />
      <SourceFields namespace={namespace} values={values} onChange={set} />
    </VmEditModal>
  );
}

interface SourceProps {
  namespace: string;
  values: Values;
  onChange: (change: Partial<Values>) => void;
}

function SourceFields({ namespace, values, onChange }: SourceProps) {
  const { t } = useTranslation('plugin__virtdeck');
  switch (values.from) {
    case 'claim':
      return (
        <ClaimField
          namespace={namespace}
          value={values.claim}
          onChange={(claim) => onChange({ claim })}
        />
      );
    case 'containerDisk':
      return (
        <FieldGroup label={t('Image')} fieldId="vd-disk-image" isRequired error={undefined}>
          <TextInput
            id="vd-disk-image"
            value={values.image}
            placeholder="quay.io/containerdisks/fedora:latest"
            onChange={(_event, image) => onChange({ image })}
          />
        </FieldGroup>
      );
    case 'none':
      return null;
    case 'blank':
    case 'url':
      return (
        <>
          {values.from === 'url' ? (
            <FieldGroup
              label={t('URL')}
              fieldId="vd-disk-url"
              isRequired
              error={undefined}
              help={t('Of a qcow2, raw, vmdk, vdi or iso image that the cluster can reach.')}
            >
              <TextInput
                id="vd-disk-url"
                type="url"
                aria-describedby="vd-disk-url-help"
                value={values.url}
                onChange={(_event, url) => onChange({ url })}
              />
            </FieldGroup>
          ) : null}
          <FieldGroup label={t('Size (GiB)')} fieldId="vd-disk-size" isRequired error={undefined}>
            <NumberInput
              inputProps={{ id: 'vd-disk-size' }}
              inputAriaLabel={t('Size (GiB)')}
              minusBtnAriaLabel={t('Smaller')}
              plusBtnAriaLabel={t('Larger')}
              min={1}
              value={values.gibibytes}
              onMinus={() => onChange({ gibibytes: Math.max(1, values.gibibytes - 1) })}
              onPlus={() => onChange({ gibibytes: values.gibibytes + 1 })}
              onChange={(event) => onChange({ gibibytes: Number(event.currentTarget.value) || 0 })}
            />
          </FieldGroup>
          <StorageClassField
            value={values.storageClass}
            onChange={(storageClass) => onChange({ storageClass })}
          />
        </>
      );
  }
}

function StorageClassField({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  const { t } = useTranslation('plugin__virtdeck');
  const watched = useWatchList({ model: storageClasses, namespace: undefined, toRow: nameOf });
  const names = rowsOf(watched) ?? [];
  return (
    <FieldGroup
      label={t('Storage class')}
      fieldId="vd-disk-class"
      error={watched.state === 'error' ? watched.error.detail : undefined}
    >
      <FormSelect id="vd-disk-class" value={value} onChange={(_event, next) => onChange(next)}>
        <FormSelectOption value="" label={t("The cluster's default")} />
        {names.map((name) => (
          <FormSelectOption key={name} value={name} label={name} />
        ))}
      </FormSelect>
    </FieldGroup>
  );
}

interface ClaimProps {
  namespace: string;
  value: string;
  onChange: (claim: string) => void;
}

/** A claim of the project. */
export function ClaimField({ namespace, value, onChange }: ClaimProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const watched = useWatchList({ model: persistentVolumeClaims, namespace, toRow: nameOf });
  const names = rowsOf(watched) ?? [];
  return (
    <FieldGroup
      label={t('Volume claim')}
      fieldId="vd-disk-claim"
      isRequired
      error={watched.state === 'error' ? watched.error.detail : undefined}
    >
      <FormSelect id="vd-disk-claim" value={value} onChange={(_event, next) => onChange(next)}>
        <FormSelectOption value="" label={t('Choose a claim')} isPlaceholder />
        {names.map((name) => (
          <FormSelectOption key={name} value={name} label={name} />
        ))}
      </FormSelect>
    </FieldGroup>
  );
}
