import { FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { FieldGroup } from '~/ui/FieldGroup';

interface Props {
  /** Names to choose from; `undefined` when the user may not list them. */
  projects: readonly string[] | undefined;
  value: string;
  error: string | undefined;
  onChange: (namespace: string) => void;
}

const ID = 'vd-project';

/** The project: chosen from a list, or typed by those who may not see the list. */
export function ProjectField({ projects, value, error, onChange }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <FieldGroup label={t('Project')} fieldId={ID} isRequired error={error}>
      {projects === undefined ? (
        <TextInput
          id={ID}
          isRequired
          value={value}
          aria-describedby={`${ID}-help`}
          onChange={(_event, text) => onChange(text)}
        />
      ) : (
        <FormSelect
          id={ID}
          isRequired
          value={value}
          aria-describedby={`${ID}-help`}
          onChange={(_event, chosen) => onChange(chosen)}
        >
          <FormSelectOption value="" label={t('Choose a project')} isDisabled isPlaceholder />
          {projects.map((project) => (
            <FormSelectOption key={project} value={project} label={project} />
          ))}
        </FormSelect>
      )}
    </FieldGroup>
  );
}
