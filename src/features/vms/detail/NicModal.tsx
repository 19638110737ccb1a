import { Checkbox, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import { useNetworkChoices } from '~/api/networks';
import { networkAttachmentDefinitions } from '~/k8s/models';
import { freeName } from '~/kubevirt/diskEdit';
import { type Nic, nicAdd, nicBindings, nicChange, nicModels, readNic } from '~/kubevirt/nicEdit';
import { FieldGroup } from '~/ui/FieldGroup';

import { ChoiceField } from '~/ui/ChoiceField';
import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

const macPattern = /^$|^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i;

/** Adds a network interface, or changes the one of a name. */
export function NicModal({ nic: name, ...props }: VmEditorProps & { nic?: string }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { vm } = props;
  const [values, setValues] = useState<Nic>(
    () =>
      (name === undefined ? undefined : readNic(vm, name)) ?? {
        ...{ name: freeName(vm, 'nic'), network: 'pod', binding: 'masquerade' },
        ...{ model: 'virtio', mac: '', isLinkUp: true },
      },
  );
  const set = (change: Partial<Nic>) => setValues({ ...values, ...change });
  const mistake = macPattern.test(values.mac)
    ? undefined
    : t('Write it as six pairs of hexadecimal digits, such as 02:00:5e:00:53:01.');
  const isNew = name === undefined;
  return (
    <VmEditModal
      {...props}
      title={isNew ? t('Add network interface') : t('Edit network interface {{name}}', { name })}
      submitLabel={isNew ? t('Add') : t('Save')}
      edit={(one) => (isNew ? nicAdd(one, values) : nicChange(one, values))}
      invalidReason={mistake}
    >
      {isNew ? (
        <FieldGroup label={t('Name')} fieldId="vd-nic-name" isRequired error={undefined}>
          <TextInput
            id="vd-nic-name"
            value={values.name}
            onChange={(_event, next) => set({ name: next })}
          />
        </FieldGroup>
      ) : null}
      <NetworkField
        namespace={vm.metadata?.namespace ?? ''}
        value={values.network}
        onChange={(network) =>
          // A secondary network has no address to hide behind.
          set({ network, ...(network === 'pod' ? {} : { binding: 'bridge' }) })
        }
      />
      {values.binding === undefined ? null : (
        <ChoiceField
          id="vd-nic-binding"
          label={t('Binding')}
          value={values.binding}
          choices={nicBindings
            .filter((one) => values.network === 'pod' || one !== 'masquerade')
            .map((value) => ({ value, label: value }))}
          onChange={(binding) => set({ binding })}
        />
      )}
      <ChoiceField
        id="vd-nic-model"
        label={t('Model')}
        value={values.model}
        choices={['', ...nicModels].map((value) => ({ value, label: value || t('Default') }))}
        onChange={(model) => set({ model })}
      />
      <FieldGroup
        label={t('MAC address')}
        fieldId="vd-nic-mac"
        error={mistake}
        help={t('Without one the cluster chooses.')}
      >
        <TextInput
          id="vd-nic-mac"
          aria-describedby="vd-nic-mac-help"
          value={values.mac}
          onChange={(_event, mac) => set({ mac })}
        />
      </FieldGroup>
      <Checkbox
        id="vd-nic-link"
        label={t('Cable plugged in')}
        isChecked={values.isLinkUp}
        onChange={(_event, isLinkUp) => set({ isLinkUp })}
      />
    </VmEditModal>
  );
}

interface NetworkProps {
  namespace: string;
  value: string;
  onChange: (network: string) => void;
}

function NetworkField({ namespace, value, onChange }: NetworkProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const served = useServed(networkAttachmentDefinitions);
  const { names, error } = useNetworkChoices(namespace, served === true);
  const others = [...new Set([...names, ...(value === 'pod' ? [] : [value])])];
  return (
    <ChoiceField
      id="vd-nic-network"
      label={t('Network')}
      value={value}
      choices={[
        { value: 'pod', label: t('Pod network') },
        ...others.map((name) => ({ value: name, label: name })),
      ]}
      help={
        served === false
          ? t('The cluster has no secondary networks: it lacks network-attachment-definitions.')
          : error && t('The list cannot be read: {{reason}}', { reason: error })
      }
      onChange={onChange}
    />
  );
}
