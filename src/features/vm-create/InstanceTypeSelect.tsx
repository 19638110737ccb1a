import { FormSelect, FormSelectOption, FormSelectOptionGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { formatBytes } from '~/k8s/quantity';
import { type InstanceTypeRow, needsOf } from '~/kubevirt/catalog/typeRows';
import { typeKey } from '~/kubevirt/create/typeKey';
import { FieldGroup } from '~/ui/FieldGroup';

interface Props {
  id: string;
  label: string;
  types: readonly InstanceTypeRow[];
  /** Key of the one that suits the boot source; empty for none. */
  recommended: string;
  /** Key; empty for CPU and memory of the VM's own. */
  value: string;
  error: string | undefined;
  onChange: (key: string) => void;
}

/** The series with their types in the order of their size. */
export function bySeries(
  types: readonly InstanceTypeRow[],
): readonly (readonly [series: string, types: readonly InstanceTypeRow[]])[] {
  const groups = new Map<string, InstanceTypeRow[]>();
  for (const type of types) {
    // Those of a project are a group of their own.
    const series = type.namespace || type.series;
    groups.set(series, [...(groups.get(series) ?? []), type]);
  }
  for (const group of groups.values()) {
    group.sort((a, b) => a.memoryBytes - b.memoryBytes || a.cpus - b.cpus);
  }
  // What any node can run comes first, the universal series before others.
  const rank = ([series, [first]]: readonly [string, readonly InstanceTypeRow[]]) =>
    first?.namespace ? 0 : series === 'u1' ? 1 : !first || needsOf(first).length === 0 ? 2 : 3;
  return [...groups].sort((a, b) => rank(a) - rank(b) || a[0].localeCompare(b[0]));
}

/** An instance type by its name and size, or none. */
export function InstanceTypeSelect(props: Props) {
  const { id, label, types, recommended, value, error, onChange } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const sizeText = ({ cpus, memoryBytes }: InstanceTypeRow) =>
    t('{{cpus}} vCPU, {{memory}}', { cpus, memory: formatBytes(memoryBytes) });
  const text = (type: InstanceTypeRow) =>
    typeKey(type) === recommended
      ? t('{{name}}: {{size}}, recommended', { name: type.name, size: sizeText(type) })
      : t('{{name}}: {{size}}', { name: type.name, size: sizeText(type) });
  const isUnknown = value !== '' && !types.some((type) => typeKey(type) === value);
  return (
    <FieldGroup label={label} fieldId={id} error={error}>
      <FormSelect
        id={id}
        value={value}
        validated={error === undefined ? 'default' : 'error'}
        aria-describedby={`${id}-help`}
        onChange={(_event, chosen) => onChange(chosen)}
      >
        <FormSelectOption value="" label={t('Custom: CPU and memory of its own')} />
        {isUnknown ? (
          <FormSelectOption value={value} label={value.split('/').at(-1) ?? value} />
        ) : null}
        {bySeries(types).map(([series, ones]) => (
          <FormSelectOptionGroup
            key={series}
            label={[series, ones[0]?.title].filter(Boolean).join(': ')}
          >
            {ones.map((type) => (
              <FormSelectOption key={type.key} value={typeKey(type)} label={text(type)} />
            ))}
          </FormSelectOptionGroup>
        ))}
      </FormSelect>
    </FieldGroup>
  );
}
