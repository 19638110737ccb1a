import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Alert, NumberInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Compute, readCompute, writeCompute } from '~/kubevirt/vmCompute';
import { FieldGroup } from '~/ui/FieldGroup';

import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

const mebibyte = 2 ** 20;

const most = { sockets: 512, cores: 512, threads: 16 } as const;

/** CPU topology and memory of a VM that has them itself. */
export function VmComputeModal({ vm, vmi, onClose }: VmEditorProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [values, setValues] = useState(() => readCompute(vm));
  const { sockets, cores, threads, memoryBytes } = values;
  const set = (change: Partial<Compute>) => setValues({ ...values, ...change });
  const mebibytes = Math.round(memoryBytes / mebibyte);
  const isValid = mebibytes >= 1 && Math.min(sockets, cores, threads) >= 1;
  const parts = [
    { key: 'sockets', label: t('Sockets'), value: sockets },
    { key: 'cores', label: t('Cores per socket'), value: cores },
    { key: 'threads', label: t('Threads per core'), value: threads },
  ] as const;
  const edit = (one: V1VirtualMachine) => writeCompute(one, values);
  return (
    <VmEditModal
      vm={vm}
      vmi={vmi}
      title={t('CPU and memory')}
      edit={edit}
      invalidReason={isValid ? undefined : t('Give at least 1 of each.')}
      onClose={onClose}
    >
      {vm.spec.instancetype ? (
        <Alert
          isInline
          component="h2"
          variant="info"
          title={t('It leaves its instance type {{name}} and has a size of its own.', {
            name: vm.spec.instancetype.name,
          })}
        />
      ) : null}
      {parts.map(({ key, label, value }) => (
        <FieldGroup key={key} label={label} fieldId={`vd-${key}`} error={undefined}>
          <Amount
            id={`vd-${key}`}
            label={label}
            value={value}
            max={most[key]}
            onChange={(next) => set({ [key]: next })}
          />
        </FieldGroup>
      ))}
      <FieldGroup
        label={t('Memory (MiB)')}
        fieldId="vd-memory"
        error={undefined}
        help={t('{{count}} vCPUs', { count: sockets * cores * threads })}
      >
        <Amount
          id="vd-memory"
          label={t('Memory (MiB)')}
          value={mebibytes}
          step={256}
          onChange={(next) => set({ memoryBytes: next * mebibyte })}
        />
      </FieldGroup>
    </VmEditModal>
  );
}

interface AmountProps {
  id: string;
  label: string;
  value: number;
  max?: number;
  step?: number;
  onChange: (value: number) => void;
}

function Amount({ id, label, value, max, step = 1, onChange }: AmountProps) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <NumberInput
      value={value}
      min={1}
      {...(max === undefined ? {} : { max })}
      inputProps={{ id, 'aria-describedby': `${id}-help` }}
      inputAriaLabel={label}
      minusBtnAriaLabel={t('Less: {{label}}', { label })}
      plusBtnAriaLabel={t('More: {{label}}', { label })}
      widthChars={8}
      onMinus={() => onChange(Math.max(1, value - step))}
      onPlus={() => onChange(value + step)}
      onChange={(event) => onChange(Math.floor(Number(event.currentTarget.value)) || 0)}
    />
  );
}
