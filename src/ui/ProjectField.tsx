import { FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';

import { FieldGroup } from './FieldGroup';

interface Props {
  id: string;
  label: string;
  /** Of the list while nothing is chosen. */
  placeholder: string;
  /** Names to choose from; `undefined` when the user may not list them. */
  projects: readonly string[] | undefined;
  value: string;
  error: string | undefined;
  onChange: (namespace: string) => void;
}

/** The project: chosen from a list, or typed by those who may not see the list. */
export function ProjectField(props: Props) {
  const { id, label, placeholder, projects, value, error, onChange } = props;
  return (
    <FieldGroup label={label} fieldId={id} isRequired error={error}>
      {projects === undefined ? (
        <TextInput
          id={id}
          isRequired
          value={value}
          aria-describedby={`${id}-help`}
          onChange={(_event, text) => onChange(text)}
        />
      ) : (
        <FormSelect
          id={id}
          isRequired
          value={value}
          aria-describedby={`${id}-help`}
          onChange={(_event, chosen) => onChange(chosen)}
        >
          <FormSelectOption value="" label={placeholder} isDisabled isPlaceholder />
          {projects.map((project) => (
            <FormSelectOption key={project} value={project} label={project} />
          ))}
        </FormSelect>
      )}
    </FieldGroup>
  );
}
