import { FormSelect, FormSelectOption } from '@patternfly/react-core';

import { FieldGroup } from '~/ui/FieldGroup';

interface Props<Value extends string> {
  id: string;
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  help?: string | undefined;
  onChange: (value: Value) => void;
}

/** A choice of a few fixed values. */
export function SelectField<Value extends string>(props: Props<Value>) {
  const { id, label, value, options, help, onChange } = props;
  return (
    <FieldGroup label={label} fieldId={id} help={help} error={undefined}>
      <FormSelect
        id={id}
        value={value}
        aria-describedby={`${id}-help`}
        onChange={(_event, next) => {
          const option = options.find((one) => one.value === next);
          if (option) onChange(option.value);
        }}
      >
        {options.map((option) => (
          <FormSelectOption key={option.value} value={option.value} label={option.label} />
        ))}
      </FormSelect>
    </FieldGroup>
  );
}
