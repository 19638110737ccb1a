import { TextInput } from '@patternfly/react-core';

import { FieldGroup } from './FieldGroup';

interface Props {
  id: string;
  label: string;
  /** Undefined while the field is empty. */
  value: number | undefined;
  max?: number;
  help?: string | undefined;
  error: string | undefined;
  onChange: (value: number | undefined) => void;
}

/** A whole number above 0. */
export function NumberField({ id, label, value, max, help, error, onChange }: Props) {
  return (
    <FieldGroup label={label} fieldId={id} help={help} error={error}>
      <TextInput
        id={id}
        type="number"
        min={1}
        step={1}
        value={value === undefined || Number.isNaN(value) ? '' : value}
        validated={error === undefined ? 'default' : 'error'}
        aria-describedby={`${id}-help`}
        {...(max === undefined ? {} : { max })}
        onChange={(_event, text) => onChange(text === '' ? undefined : Number(text))}
      />
    </FieldGroup>
  );
}
