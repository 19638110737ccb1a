import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useInstanceTypes } from '~/api/instanceTypes';
import { typeKey } from '~/kubevirt/create/typeKey';
import { FieldGroup } from '~/ui/FieldGroup';

interface Props {
  namespace: string;
  /** `Kind/name`; empty for none. */
  instancetype: string;
  preference: string;
  onChange: (values: { instancetype: string; preference: string }) => void;
}

/** The instance type and the preference that suit an image. */
export function TypeFields({ namespace, instancetype, preference, onChange }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { types, preferences } = useInstanceTypes(namespace);
  const fields = [
    ['instancetype', t('Default instance type'), instancetype, types],
    ['preference', t('Default preference'), preference, preferences],
  ] as const;
  return (
    <>
      {fields.map(([field, label, value, known]) => (
        <FieldGroup key={field} label={label} fieldId={`vd-${field}`} error={undefined}>
          <FormSelect
            id={`vd-${field}`}
            value={value}
            onChange={(_event, next) => onChange({ instancetype, preference, [field]: next })}
          >
            <FormSelectOption value="" label={t('None')} />
            {value !== '' && !known.some((type) => typeKey(type) === value) ? (
              <FormSelectOption value={value} label={value.split('/').at(-1) ?? value} />
            ) : null}
            {[...known]
              .sort((a, b) => a.name.localeCompare(b.name))
              .map((type) => (
                <FormSelectOption key={type.key} value={typeKey(type)} label={type.name} />
              ))}
          </FormSelect>
        </FieldGroup>
      ))}
    </>
  );
}
