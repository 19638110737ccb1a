import { FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { FieldGroup } from '~/ui/FieldGroup';

import { type Amount, type Unit, UNITS } from '~/kubevirt/create/amount';

interface Props {
  id: string;
  label: string;
  amount: Amount;
  units: readonly Unit[];
  /** It may be left empty. */
  isOptional?: boolean;
  help?: string | undefined;
  error: string | undefined;
  onChange: (amount: Amount) => void;
}

/** A number and its unit. */
export function AmountField(props: Props) {
  const { id, label, amount, units, help, error, onChange } = props;
  const isRequired = props.isOptional !== true;
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <FieldGroup label={label} fieldId={id} isRequired={isRequired} help={help} error={error}>
      <div className="vd-amount">
        <TextInput
          id={id}
          type="number"
          min={0}
          step="any"
          isRequired={isRequired}
          value={amount.value ?? ''}
          validated={error === undefined ? 'default' : 'error'}
          aria-describedby={`${id}-help`}
          onChange={(_event, text) =>
            onChange({ ...amount, value: text === '' ? undefined : Number(text) })
          }
        />
        <FormSelect
          aria-label={t('Unit of {{field}}', { field: label })}
          value={amount.unit}
          onChange={(_event, chosen) => {
            const unit = UNITS.find((one) => one === chosen);
            if (unit) onChange({ ...amount, unit });
          }}
        >
          {units.map((unit) => (
            <FormSelectOption key={unit} value={unit} label={unit} />
          ))}
        </FormSelect>
      </div>
    </FieldGroup>
  );
}
