import { TextInput } from '@patternfly/react-core';
import { Controller, type UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';

import type { InstanceTypeRow } from '~/kubevirt/catalog/typeRows';
import { formatBytes } from '~/k8s/quantity';
import { FieldGroup } from '~/ui/FieldGroup';

import { InstanceTypeSelect } from './InstanceTypeSelect';
import { AmountField } from '../forms/AmountField';
import { fieldError } from './fieldError';
import { toBytes, UNITS } from '~/kubevirt/create/amount';
import type { VmFormValues } from './vmForm';

interface Props {
  form: UseFormReturn<VmFormValues>;
  /** Bytes that the boot source needs on the disk, when they are known. */
  minimum: number | undefined;
  /** Bytes of memory that it needs, when they are known. */
  minimumMemory: number | undefined;
  types: readonly InstanceTypeRow[];
  /** Key of the instance type that suits the boot source. */
  recommended: string;
}

/** How large the VM is: disk, vCPUs and memory. */
export function SizeFields(props: Props) {
  const { form, minimum, types, recommended } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const isCustom = form.watch('instancetype') === '';
  return (
    <div className="vd-field-row">
      {types.length === 0 ? null : (
        <Controller
          control={form.control}
          name="instancetype"
          render={({ field }) => (
            <InstanceTypeSelect
              id="vd-instancetype"
              label={t('Instance type')}
              types={types}
              recommended={recommended}
              value={field.value}
              error={fieldError(form, 'instancetype')}
              onChange={field.onChange}
            />
          )}
        />
      )}
      {isCustom ? <CustomFields {...props} /> : null}
      <Controller
        control={form.control}
        name="disk"
        rules={{
          validate: (disk) => {
            if (toBytes(disk) <= 0) return t('Give a size above 0.');
            if (minimum === undefined || toBytes(disk) >= minimum) return true;
            return t('The image needs at least {{size}}.', { size: formatBytes(minimum) });
          },
        }}
        render={({ field }) => (
          <AmountField
            id="vd-disk"
            label={t('Disk size')}
            amount={field.value}
            units={UNITS}
            help={
              minimum === undefined
                ? undefined
                : t('At least {{size}}', { size: formatBytes(minimum) })
            }
            error={fieldError(form, 'disk')}
            onChange={field.onChange}
          />
        )}
      />
    </div>
  );
}

/** CPU and memory of the VM's own. */
function CustomFields({ form, minimumMemory }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <>
      <Controller
        control={form.control}
        name="cpus"
        rules={{
          validate: (cpus) =>
            (cpus !== undefined && Number.isInteger(cpus) && cpus > 0) ||
            t('Give a whole number above 0.'),
        }}
        render={({ field }) => (
          <FieldGroup
            label={t('vCPUs')}
            fieldId="vd-cpus"
            isRequired
            error={fieldError(form, 'cpus')}
          >
            <TextInput
              id="vd-cpus"
              type="number"
              min={1}
              step={1}
              isRequired
              value={field.value ?? ''}
              onBlur={field.onBlur}
              validated={fieldError(form, 'cpus') === undefined ? 'default' : 'error'}
              aria-describedby="vd-cpus-help"
              onChange={(_event, text) => field.onChange(text === '' ? undefined : Number(text))}
            />
          </FieldGroup>
        )}
      />
      <Controller
        control={form.control}
        name="memory"
        rules={{
          validate: (memory) => {
            if (toBytes(memory) <= 0) return t('Give a size above 0.');
            if (minimumMemory === undefined || toBytes(memory) >= minimumMemory) return true;
            return t('The image needs at least {{size}}.', { size: formatBytes(minimumMemory) });
          },
        }}
        render={({ field }) => (
          <AmountField
            id="vd-memory"
            label={t('Memory')}
            amount={field.value}
            units={['MiB', 'GiB']}
            help={
              minimumMemory === undefined
                ? undefined
                : t('At least {{size}}', { size: formatBytes(minimumMemory) })
            }
            error={fieldError(form, 'memory')}
            onChange={field.onChange}
          />
        )}
      />
    </>
  );
}
