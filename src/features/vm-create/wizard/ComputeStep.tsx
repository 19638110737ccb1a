import { useTranslation } from 'react-i18next';

import { customCompute, type DraftCompute } from '~/kubevirt/create/vmDraft';
import { toAmount } from '~/kubevirt/create/amount';
import { parseTypeKey, typeKey } from '~/kubevirt/create/typeKey';
import { firmwareOptions } from '~/kubevirt/settingOptions';

import { AmountField } from '../../forms/AmountField';
import { InstanceTypeSelect } from '../InstanceTypeSelect';
import type { InstanceTypes } from '~/api/instanceTypes';
import { ChoiceField } from '~/ui/ChoiceField';
import { DevicesField } from './DevicesField';
import { HardwareFields } from './HardwareFields';
import { NumberField } from '~/ui/NumberField';
import type { StepProps } from './StepProps';

interface Props extends StepProps {
  types: InstanceTypes;
  /** Key of the instance type that suits the boot source. */
  recommended: string;
}

/** How much CPU and memory, and what hardware suits the guest system. */
export function ComputeStep({ draft, change, errorOf, types, recommended }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { compute, preference } = draft;
  const chosen = preference === undefined ? '' : typeKey(preference);
  const takeType = (key: string) => {
    if (key !== '') change({ compute: { kind: 'instancetype', type: parseTypeKey(key) } });
    else change({ compute: customOf(compute, types) });
  };
  return (
    <>
      {types.types.length === 0 && compute.kind === 'custom' ? (
        <span className="vd-hint">{t('This cluster offers no instance types.')}</span>
      ) : (
        <InstanceTypeSelect
          id="vd-instancetype"
          label={t('Instance type')}
          types={types.types}
          recommended={recommended}
          value={compute.kind === 'instancetype' ? typeKey(compute.type) : ''}
          error={errorOf('instancetype')}
          onChange={takeType}
        />
      )}
      {compute.kind === 'custom' ? (
        <div className="vd-field-row">
          {(
            [
              ['cores', t('Cores of a socket')],
              ['sockets', t('Sockets')],
              ['threads', t('Threads of a core')],
            ] as const
          ).map(([field, label]) => (
            <NumberField
              key={field}
              id={`vd-${field}`}
              label={label}
              value={compute[field]}
              error={errorOf(field)}
              onChange={(value) => change({ compute: { ...compute, [field]: value ?? 0 } })}
            />
          ))}
          <AmountField
            id="vd-memory"
            label={t('Memory')}
            amount={compute.memory}
            units={['MiB', 'GiB']}
            error={errorOf('memory')}
            onChange={(memory) => change({ compute: { ...compute, memory } })}
          />
        </div>
      ) : null}
      {compute.kind === 'custom' ? (
        <HardwareFields
          compute={compute}
          errorOf={errorOf}
          onChange={(next) => change({ compute: next })}
        />
      ) : null}
      <ChoiceField
        id="vd-preference"
        label={t('Preference')}
        help={t('Hardware that suits the guest system: buses, models, firmware.')}
        value={chosen}
        choices={[
          { value: '', label: t('None') },
          ...[...types.preferences]
            .sort((a, b) => a.name.localeCompare(b.name))
            .map((row) => ({
              value: typeKey(row),
              label:
                row.title === '' || row.title === row.name ? row.name : `${row.name}: ${row.title}`,
            })),
        ]}
        error={errorOf('preference')}
        onChange={(key) => change({ preference: key === '' ? undefined : parseTypeKey(key) })}
      />
      <ChoiceField
        id="vd-firmware"
        label={t('Firmware')}
        value={draft.firmware}
        choices={[
          { value: '' as const, label: t('As the preference or the cluster has it') },
          ...firmwareOptions.map(({ value, label }) => ({
            // The options are these three.
            value: value as 'BIOS' | 'UEFI' | 'SecureBoot',
            label: t(label),
          })),
        ]}
        onChange={(firmware) => change({ firmware })}
      />
      <DevicesField draft={draft} change={change} errorOf={errorOf} />
    </>
  );
}

/** A size of its own that begins with what the instance type had. */
function customOf(compute: DraftCompute, { types }: InstanceTypes): DraftCompute {
  if (compute.kind === 'custom') return compute;
  const type = types.find((one) => typeKey(one) === typeKey(compute.type));
  if (!type) return customCompute;
  return { ...customCompute, cores: type.cpus, memory: toAmount(type.memoryBytes) };
}
