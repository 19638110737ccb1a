import { Alert, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useWatchList } from '~/api/useWatch';
import { nameOf } from '~/k8s/KubernetesObject';
import { clusterInstancetypes, clusterPreferences, type Model } from '~/k8s/models';
import { readTypes, writeTypes } from '~/kubevirt/vmCompute';
import { FieldGroup } from '~/ui/FieldGroup';

import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

/** Chooses the instance type and the preference of a VM among those of the cluster. */
export function VmTypesModal({ vm, vmi, onClose }: VmEditorProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [choice, setChoice] = useState(() => readTypes(vm));
  const isSizeless = choice.instancetype === '' && vm.spec.instancetype !== undefined;
  return (
    <VmEditModal
      vm={vm}
      vmi={vmi}
      title={t('Instance type and preference')}
      edit={(one) => writeTypes(one, choice)}
      onClose={onClose}
    >
      <TypeField
        id="vd-instancetype"
        label={t('Instance type')}
        none={t('None: CPU and memory of its own')}
        model={clusterInstancetypes}
        value={choice.instancetype}
        onChange={(instancetype) => setChoice({ ...choice, instancetype })}
      />
      {isSizeless ? (
        <Alert
          isInline
          isPlain
          component="h2"
          variant="warning"
          title={t('Give it CPU and memory of its own afterwards: it has the least of each.')}
        />
      ) : null}
      <TypeField
        id="vd-preference"
        label={t('Preference')}
        none={t('None')}
        model={clusterPreferences}
        value={choice.preference}
        onChange={(preference) => setChoice({ ...choice, preference })}
      />
    </VmEditModal>
  );
}

interface FieldProps {
  id: string;
  label: string;
  none: string;
  model: Model;
  value: string;
  onChange: (value: string) => void;
}

function TypeField({ id, label, none, model, value, onChange }: FieldProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const watched = useWatchList({ model, namespace: undefined, toRow: nameOf });
  const known = watched.state === 'ready' ? watched.data.rows : [];
  // What is chosen is shown, also where it may not be listed or does not exist.
  const all = [...new Set([...known, ...(value === '' ? [] : [value])])].sort();
  return (
    <FieldGroup
      label={label}
      fieldId={id}
      error={watched.state === 'error' ? watched.error.detail : undefined}
      help={watched.state === 'loading' ? t('Loading') : undefined}
    >
      <FormSelect
        id={id}
        value={value}
        aria-describedby={`${id}-help`}
        onChange={(_event, next) => onChange(next)}
      >
        <FormSelectOption value="" label={none} />
        {all.map((name) => (
          <FormSelectOption key={name} value={name} label={name} />
        ))}
      </FormSelect>
    </FieldGroup>
  );
}
