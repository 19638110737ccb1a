import {
  Checkbox,
  FormSelect,
  FormSelectOption,
  TextArea,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { objectCreate } from '~/api/objects';
import { useWatchList } from '~/api/useWatch';
import { vmGet } from '~/api/vms';
import { resourceHref, useNavigate } from '~/console/navigation';
import { type KubernetesObject } from '~/k8s/KubernetesObject';
import { rowsOf } from '~/k8s/Watched';
import { virtualMachines, vmTemplates } from '~/k8s/models';
import { nameMistake, nameTexts } from '~/kubevirt/vmName';
import { saveAsTemplate } from '~/kubevirt/templates/saveAsTemplate';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { useErrorText } from '~/api/useErrorText';

interface Props {
  /** Project of the page; undefined for all. */
  namespace: string | undefined;
  /** The VM that is chosen at first, as `namespace/name`. */
  vm: string;
  onClose: () => void;
}

const keyOf = ({ metadata }: KubernetesObject) =>
  `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;

/** Makes a template of a VM. */
export function SaveAsTemplateModal({ namespace, vm: first, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const vms = useWatchList({ model: virtualMachines, namespace, toRow: keyOf });
  const [key, setKey] = useState(first);
  const [name, setName] = useState(first === '' ? '' : `${first.split('/')[1] ?? ''}-template`);
  const [title, setTitle] = useState('');
  const [description, setDescription] = useState('');
  const [copies, setCopies] = useState(false);
  const [wasSent, setWasSent] = useState(false);
  const mistake = nameMistake(name);
  const known = [...(rowsOf(vms) ?? [])].sort((a, b) => a.localeCompare(b));
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      const [ns = '', vmName = ''] = key.split('/');
      const vm = await vmGet({ namespace: ns, name: vmName });
      const disks: 'copies' | 'sources' = copies ? 'copies' : 'sources';
      const choice = { ...{ name, title, description, disks }, namespace: ns } as const;
      await objectCreate(vmTemplates, saveAsTemplate(vm, choice));
      toastAdd({ tone: 'success', title: t('Created {{name}}', { name }) });
      void navigate(resourceHref(vmTemplates, { namespace: ns, name }));
    },
    onClose,
  );
  return (
    <FormModal
      title={t('Save as template')}
      description={t('The virtual machine stays as it is.')}
      submitLabel={t('Create')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      onSubmit={() => {
        setWasSent(true);
        if (!mistake && key !== '') submit();
      }}
      onCancel={onClose}
    >
      <FieldGroup
        label={t('Virtual machine')}
        fieldId="vd-template-vm"
        isRequired
        help={vms.state === 'loading' ? t('Loading') : undefined}
        error={
          vms.state === 'error'
            ? vms.error.detail
            : wasSent && key === ''
              ? t('This is needed.')
              : undefined
        }
      >
        <FormSelect
          id="vd-template-vm"
          value={key}
          aria-describedby="vd-template-vm-help"
          onChange={(_event, next) => {
            setKey(next);
            if (name === '') setName(`${next.split('/')[1] ?? ''}-template`);
          }}
        >
          {key === '' ? <FormSelectOption value="" label={t('Choose one')} /> : null}
          {key !== '' && !known.includes(key) ? <FormSelectOption value={key} label={key} /> : null}
          {known.map((one) => (
            <FormSelectOption key={one} value={one} label={one} />
          ))}
        </FormSelect>
      </FieldGroup>
      <FieldGroup
        label={t('Name')}
        fieldId="vd-template-name"
        isRequired
        error={wasSent && mistake ? t(nameTexts[mistake]) : undefined}
      >
        <TextInput
          id="vd-template-name"
          autoComplete="off"
          value={name}
          aria-describedby="vd-template-name-help"
          onChange={(_event, text) => setName(text.trim())}
        />
      </FieldGroup>
      <FieldGroup label={t('Display name')} fieldId="vd-template-title" error={undefined}>
        <TextInput
          id="vd-template-title"
          value={title}
          onChange={(_event, text) => setTitle(text)}
        />
      </FieldGroup>
      <FieldGroup label={t('Description')} fieldId="vd-template-description" error={undefined}>
        <TextArea
          id="vd-template-description"
          value={description}
          rows={2}
          onChange={(_event, text) => setDescription(text)}
        />
      </FieldGroup>
      <Checkbox
        id="vd-template-copies"
        label={t('Copy the disks as they are now')}
        description={t(
          'Otherwise new disks are made from the same boot source. Disks are copied while this virtual machine is stopped.',
        )}
        isChecked={copies}
        onChange={(_event, checked) => setCopies(checked)}
      />
    </FormModal>
  );
}
