import { Alert, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useWatchList } from '~/api/useWatch';
import { type KubernetesObject, nameOf } from '~/k8s/KubernetesObject';
import { rowsOf } from '~/k8s/Watched';
import { clusterInstancetypes, clusterPreferences, type Model } from '~/k8s/models';
import { formatBytes } from '~/k8s/quantity';
import { toClusterInstanceType } from '~/kubevirt/catalog/typeRows';
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
        toRow={toClusterInstanceType}
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
        toRow={toPreference}
        value={choice.preference}
        onChange={(preference) => setChoice({ ...choice, preference })}
      />
    </VmEditModal>
  );
}

interface TypeRow {
  name: string;
  /** 0 for what has no size. */
  cpus: number;
  memoryBytes: number;
}

function toPreference(object: KubernetesObject): TypeRow {
  return { name: nameOf(object), cpus: 0, memoryBytes: 0 };
}

/** By series, the smallest first. */
function bySize(a: TypeRow, b: TypeRow): number {
  const series = ({ name }: TypeRow) => name.split('.')[0] ?? '';
  return (
    series(a).localeCompare(series(b)) ||
    a.cpus - b.cpus ||
    a.memoryBytes - b.memoryBytes ||
    a.name.localeCompare(b.name)
  );
}

interface FieldProps {
  id: string;
  label: string;
  none: string;
  model: Model;
  /** At module scope. */
  toRow: (object: KubernetesObject) => TypeRow;
  value: string;
  onChange: (value: string) => void;
}

function TypeField({ id, label, none, model, toRow, value, onChange }: FieldProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const watched = useWatchList({ model, namespace: undefined, toRow });
  const known = rowsOf(watched) ?? [];
  // What is chosen is shown, also where it may not be listed or does not exist.
  const isUnknown = value !== '' && !known.some(({ name }) => name === value);
  const text = ({ name, cpus, memoryBytes }: TypeRow) =>
    cpus === 0
      ? name
      : t('{{name}}: {{size}}', {
          name,
          size: t('{{cpus}} vCPU, {{memory}}', { cpus, memory: formatBytes(memoryBytes) }),
        });
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
        {isUnknown ? <FormSelectOption value={value} label={value} /> : null}
        {[...known].sort(bySize).map((row) => (
          <FormSelectOption key={row.name} value={row.name} label={text(row)} />
        ))}
      </FormSelect>
    </FieldGroup>
  );
}
