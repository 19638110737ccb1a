import { Button, Switch, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';

import { useAccess } from '~/api/access';
import { usePrimaryNetwork } from '~/api/networks';
import { vmCreate } from '~/api/vms';
import { useNavigate, vmHref, vmWizardHref } from '~/console/navigation';
import { toFailure } from '~/k8s/errors';
import { toAmount, toBytes } from '~/kubevirt/create/amount';
import type { InstanceTypeRow } from '~/kubevirt/catalog/typeRows';
import { CodeView } from '~/ui/CodeView';
import type { ErrorText } from '~/ui/ErrorText';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';

import { BootSourceField } from './BootSourceField';
import { draftStore } from './draftStore';
import { fieldError } from './fieldError';
import { IdentityFields } from './IdentityFields';
import { SizeFields } from './SizeFields';
import type { BootSources } from '~/api/bootSources';
import { useClaimBytes } from './useClaimBytes';
import {
  placeFailure,
  quickDraft,
  suggestSizes,
  suggestType,
  toVm,
  type VmFormValues,
} from './vmForm';

interface Props {
  defaults: VmFormValues;
  sources: BootSources;
  types: readonly InstanceTypeRow[];
  projects: readonly string[] | undefined;
  hasFixedProject: boolean;
  onClose: () => void;
}

const FIELDS = [
  'name',
  'namespace',
  'description',
  'source',
  'instancetype',
  'preference',
  'disk',
  'cpus',
  'memory',
  'startAtOnce',
] as const;

/** The form itself. It checks what it can; the server decides, and its answer goes to the fields. */
export function VmCreateForm(props: Props) {
  const { defaults, sources, types, projects, hasFixedProject, onClose } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const form = useForm<VmFormValues>({ defaultValues: defaults, mode: 'onTouched' });
  const { control, setValue, setError, formState } = form;
  const values = form.watch();
  const chosen = sources.rows.find((row) => row.key === values.source);
  const { bytes: minimum } = useClaimBytes(chosen);
  const [showsYaml, setShowsYaml] = useState(false);
  const [submitError, setSubmitError] = useState<ErrorText>();
  const { namespace } = values;
  const created = { group: 'kubevirt.io', resource: 'virtualmachines' };
  const access = useAccess({ verb: 'create', ...created, namespace });
  const primary = usePrimaryNetwork(namespace);
  const isDenied = namespace !== '' && !access.loading && !access.allowed;
  // Reading it here makes the form keep account of what was typed.
  const { dirtyFields } = formState;
  const isTyped = (field: 'disk' | 'memory') => {
    const { value, unit } = dirtyFields[field] ?? {};
    return value === true || unit === true;
  };
  // What the user has typed stays, unless the image does not fit into it.
  const takeSizes = (source: string, bytes: number | undefined) => {
    const row = sources.rows.find(({ key }) => key === source);
    const { disk, memory } = suggestSizes({ bytes, memoryBytes: row?.memoryBytes });
    setValue('preference', row?.preference ?? '');
    if (dirtyFields.instancetype !== true) {
      form.resetField('instancetype', { defaultValue: suggestType(row, types) });
    }
    if (!isTyped('disk')) form.resetField('disk', { defaultValue: disk });
    else if (bytes !== undefined && toBytes(values.disk) < bytes) {
      setValue('disk', toAmount(bytes), { shouldValidate: true });
    }
    if (!isTyped('memory')) form.resetField('memory', { defaultValue: memory });
  };
  const submit = form.handleSubmit(async (sent) => {
    setSubmitError(undefined);
    try {
      await vmCreate(toVm(sent, primary));
    } catch (error) {
      const { fields, rest } = placeFailure(toFailure(error));
      for (const field of FIELDS) {
        const message = fields[field];
        if (message !== undefined) setError(field, { type: 'server', message });
      }
      setSubmitError(rest && { title: t(rest.title), detail: rest.detail });
      return;
    }
    toastAdd({ tone: 'success', title: t('Created {{name}}', { name: sent.name }) });
    onClose();
    void navigate(vmHref(sent));
  });

  return (
    <FormModal
      title={t('Create virtual machine')}
      submitLabel={t('Create')}
      cancelLabel={t('Cancel')}
      isSubmitting={formState.isSubmitting}
      submitDisabledReason={
        isDenied
          ? t('You are not allowed to create virtual machines in project {{namespace}}.', {
              namespace,
            })
          : undefined
      }
      submitError={submitError}
      elementToFocus="#vd-name"
      extraActions={
        <>
          <Button variant="link" aria-expanded={showsYaml} onClick={() => setShowsYaml(!showsYaml)}>
            {showsYaml ? t('Hide YAML') : t('View YAML')}
          </Button>
          <Button
            variant="link"
            onClick={() => {
              draftStore.set(quickDraft(values, primary));
              onClose();
              void navigate(vmWizardHref());
            }}
          >
            {t('All options')}
          </Button>
        </>
      }
      onSubmit={() => void submit()}
      onCancel={onClose}
    >
      <IdentityFields form={form} projects={projects} hasFixedProject={hasFixedProject} />
      <Controller
        control={control}
        name="source"
        rules={{ required: t('Choose what to boot from') }}
        render={({ field }) => (
          <BootSourceField
            sources={sources}
            value={field.value}
            error={fieldError(form, 'source')}
            onChoose={({ value, bytes }) => {
              field.onChange(value);
              takeSizes(value, bytes);
            }}
          />
        )}
      />
      <SizeFields
        form={form}
        minimum={minimum}
        minimumMemory={chosen?.memoryBytes}
        types={types}
        recommended={chosen?.instancetype ?? ''}
      />
      <Controller
        control={control}
        name="description"
        render={({ field }) => (
          <FieldGroup
            label={t('Description')}
            fieldId="vd-description"
            error={fieldError(form, 'description')}
          >
            <TextInput
              id="vd-description"
              value={field.value}
              aria-describedby="vd-description-help"
              onChange={(_event, text) => field.onChange(text)}
            />
          </FieldGroup>
        )}
      />
      <Controller
        control={control}
        name="startAtOnce"
        render={({ field }) => (
          <Switch
            id="vd-start"
            label={t('Start as soon as it is created')}
            isChecked={field.value}
            onChange={(_event, checked) => field.onChange(checked)}
          />
        )}
      />
      {showsYaml ? (
        <CodeView
          label={t('YAML to be sent')}
          text={stringify(toVm(values, primary), { lineWidth: 0 })}
        />
      ) : null}
    </FormModal>
  );
}
