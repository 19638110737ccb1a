import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { FileUpload, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useWatchList } from '~/api/useWatch';
import { nameOf } from '~/k8s/KubernetesObject';
import { rowsOf } from '~/k8s/Watched';
import { persistentVolumeClaims, virtualMachines, volumeSnapshots } from '~/k8s/models';
import { toClaimRow } from '~/kubevirt/bootSources';
import { FieldGroup } from '~/ui/FieldGroup';

import type { OriginValues } from './originValues';

interface Props {
  origin: OriginValues;
  namespace: string;
  error: string | undefined;
  scheduleError: string | undefined;
  onChange: (origin: OriginValues) => void;
  onFile: (file: File) => void;
  /** How large the chosen volume is. */
  onBytes: (bytes: number) => void;
}

/** What an image of its kind asks for. */
export function OriginFields(props: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { origin, namespace, error, scheduleError, onChange, onFile, onBytes } = props;
  const [fileName, setFileName] = useState('');
  switch (origin.kind) {
    case 'url':
    case 'cron':
      return (
        <>
          <TextField
            id="vd-url"
            label={t('Address')}
            value={origin.url}
            placeholder={
              origin.kind === 'url'
                ? 'https://example.org/disk.qcow2'
                : 'docker://quay.io/org/disk:1'
            }
            error={error}
            onChange={(url) => onChange({ ...origin, url: url.trim() })}
          />
          {origin.kind === 'cron' ? (
            <TextField
              id="vd-schedule"
              label={t('Schedule')}
              value={origin.schedule}
              help={t('Minute, hour, day, month, weekday; UTC.')}
              error={scheduleError}
              onChange={(schedule) => onChange({ ...origin, schedule })}
            />
          ) : null}
        </>
      );
    case 'upload':
      return (
        <FieldGroup label={t('Image on this computer')} fieldId="vd-file" error={error}>
          <FileUpload
            id="vd-file"
            filename={fileName}
            filenamePlaceholder={t('Drop a file here, or')}
            browseButtonText={t('Choose a file')}
            hideDefaultPreview
            clearButtonText={t('Remove')}
            isClearButtonDisabled
            onFileInputChange={(_event, file) => {
              setFileName(file.name);
              onFile(file);
            }}
          />
        </FieldGroup>
      );
    case 'claim':
    case 'vm':
      return <ClaimFields {...{ origin, namespace, error, onChange, onBytes }} />;
    case 'snapshot':
      return <SnapshotField {...{ origin, namespace, error, onChange }} />;
  }
}

type Shared = Pick<Props, 'origin' | 'namespace' | 'error' | 'onChange'>;

/** Names of claims that the volumes of a VM are on. */
function disksOf(vm: V1VirtualMachine): { name: string; claims: readonly string[] } {
  const volumes = vm.spec.template.spec?.volumes ?? [];
  return {
    name: vm.metadata?.name ?? '',
    claims: volumes.flatMap(({ dataVolume, persistentVolumeClaim }) => {
      const claim = dataVolume?.name ?? persistentVolumeClaim?.claimName;
      return claim === undefined ? [] : [claim];
    }),
  };
}

function ClaimFields({
  origin,
  namespace,
  error,
  onChange,
  onBytes,
}: Shared & Pick<Props, 'onBytes'>) {
  const { t } = useTranslation('plugin__virtdeck');
  const isOfVm = origin.kind === 'vm';
  const claims = useWatchList(
    namespace === '' ? undefined : { model: persistentVolumeClaims, namespace, toRow: toClaimRow },
  );
  const vms = useWatchList(
    isOfVm && namespace !== '' ? { model: virtualMachines, namespace, toRow: disksOf } : undefined,
  );
  const known = rowsOf(claims) ?? [];
  const machines = rowsOf(vms) ?? [];
  const names = isOfVm
    ? (machines.find(({ name }) => name === origin.vm)?.claims ?? [])
    : known.map(({ name }) => name);
  return (
    <>
      {isOfVm ? (
        <NameField
          id="vd-vm"
          label={t('Virtual machine')}
          names={machines.map(({ name }) => name)}
          value={origin.vm}
          error={undefined}
          onChange={(vm) => onChange({ ...origin, vm, name: '' })}
        />
      ) : null}
      <NameField
        id="vd-claim"
        label={isOfVm ? t('Disk') : t('Volume')}
        names={names}
        value={origin.name}
        help={
          isOfVm
            ? t('Shut it down and remove what only it should have, such as keys and host names.')
            : undefined
        }
        error={error}
        onChange={(name) => {
          onChange({ ...origin, name });
          const bytes = known.find((one) => one.name === name)?.bytes;
          if (bytes !== undefined) onBytes(bytes);
        }}
      />
    </>
  );
}

function SnapshotField({ origin, namespace, error, onChange }: Shared) {
  const { t } = useTranslation('plugin__virtdeck');
  const watched = useWatchList(
    namespace === '' ? undefined : { model: volumeSnapshots, namespace, toRow: nameOf },
  );
  return (
    <NameField
      id="vd-snapshot"
      label={t('Volume snapshot')}
      names={rowsOf(watched) ?? []}
      value={origin.name}
      error={error}
      onChange={(name) => onChange({ ...origin, name })}
    />
  );
}

interface FieldProps {
  id: string;
  label: string;
  value: string;
  help?: string | undefined;
  error: string | undefined;
  onChange: (value: string) => void;
}

function NameField({
  id,
  label,
  value,
  help,
  error,
  names,
  onChange,
}: FieldProps & { names: readonly string[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <FieldGroup label={label} fieldId={id} help={help} error={error}>
      <FormSelect
        id={id}
        value={value}
        aria-describedby={`${id}-help`}
        onChange={(_event, next) => onChange(next)}
      >
        <FormSelectOption value="" label={t('Choose one')} />
        {[...names].sort().map((name) => (
          <FormSelectOption key={name} value={name} label={name} />
        ))}
      </FormSelect>
    </FieldGroup>
  );
}

function TextField({
  id,
  label,
  value,
  help,
  error,
  placeholder,
  onChange,
}: FieldProps & { placeholder?: string }) {
  return (
    <FieldGroup label={label} fieldId={id} isRequired help={help} error={error}>
      <TextInput
        id={id}
        isRequired
        autoComplete="off"
        value={value}
        {...(placeholder !== undefined && { placeholder })}
        validated={error === undefined ? 'default' : 'error'}
        aria-describedby={`${id}-help`}
        onChange={(_event, text) => onChange(text)}
      />
    </FieldGroup>
  );
}
