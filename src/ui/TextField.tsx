import { TextInput } from '@patternfly/react-core';

import { FieldGroup } from './FieldGroup';

interface Props {
  id: string;
  label: string;
  value: string;
  isRequired?: boolean;
  help?: string | undefined;
  error?: string | undefined;
  placeholder?: string;
  onChange: (value: string) => void;
}

/** A line of text with its label, and its error below. */
export function TextField({ id, label, value, error, help, onChange, ...props }: Props) {
  return (
    <FieldGroup
      label={label}
      fieldId={id}
      isRequired={props.isRequired === true}
      help={help}
      error={error}
    >
      <TextInput
        id={id}
        value={value}
        autoComplete="off"
        spellCheck={false}
        isRequired={props.isRequired === true}
        validated={error === undefined ? 'default' : 'error'}
        aria-describedby={`${id}-help`}
        {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
        onChange={(_event, text) => onChange(text)}
      />
    </FieldGroup>
  );
}
