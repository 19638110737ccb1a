import { FormSelect, FormSelectOption } from '@patternfly/react-core';

import { FieldGroup } from './FieldGroup';

export interface Choice<Value extends string> {
  value: Value;
  label: string;
  isDisabled?: boolean;
}

interface Props<Value extends string> {
  id: string;
  label: string;
  value: Value;
  choices: readonly Choice<Value>[];
  help?: string | undefined;
  error?: string | undefined;
  onChange: (value: Value) => void;
}

/** One of some values. What is chosen is shown, also where it is none of them. */
export function ChoiceField<Value extends string>(props: Props<Value>) {
  const { id, label, value, choices, help, error, onChange } = props;
  const isKnown = choices.some((choice) => choice.value === value);
  return (
    <FieldGroup label={label} fieldId={id} help={help} error={error}>
      <FormSelect
        id={id}
        value={value}
        validated={error === undefined ? 'default' : 'error'}
        aria-describedby={`${id}-help`}
        onChange={(_event, next) => {
          const chosen = choices.find((choice) => choice.value === next);
          if (chosen) onChange(chosen.value);
        }}
      >
        {isKnown ? null : <FormSelectOption value={value} label={value} />}
        {choices.map((choice) => (
          <FormSelectOption
            key={choice.value}
            value={choice.value}
            label={choice.label}
            isDisabled={choice.isDisabled === true}
          />
        ))}
      </FormSelect>
    </FieldGroup>
  );
}
