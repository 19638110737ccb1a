import { TextInput } from '@patternfly/react-core';
import { Controller, type UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';

import { FieldGroup } from '~/ui/FieldGroup';
import { ProjectField } from '~/ui/ProjectField';

import { fieldError } from './fieldError';
import { mistakeText } from './mistakeText';
import type { VmFormValues } from './vmForm';

interface Props {
  form: UseFormReturn<VmFormValues>;
  projects: readonly string[] | undefined;
  hasFixedProject: boolean;
}

/** Name and project. */
export function IdentityFields({ form, projects, hasFixedProject }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <div className="vd-field-row">
      <Controller
        control={form.control}
        name="name"
        rules={{ validate: (name) => mistakeText(t, name) }}
        render={({ field }) => (
          <FieldGroup
            label={t('Name')}
            fieldId="vd-name"
            isRequired
            error={fieldError(form, 'name')}
          >
            <TextInput
              id="vd-name"
              isRequired
              autoComplete="off"
              spellCheck={false}
              value={field.value}
              onBlur={field.onBlur}
              validated={fieldError(form, 'name') === undefined ? 'default' : 'error'}
              aria-describedby="vd-name-help"
              onChange={(_event, text) => field.onChange(text)}
            />
          </FieldGroup>
        )}
      />
      {hasFixedProject ? (
        <FieldGroup label={t('Project')} fieldId="vd-project" error={fieldError(form, 'namespace')}>
          <TextInput
            id="vd-project"
            value={form.getValues('namespace')}
            readOnlyVariant="default"
          />
        </FieldGroup>
      ) : (
        <Controller
          control={form.control}
          name="namespace"
          rules={{ required: t('Choose a project') }}
          render={({ field }) => (
            <ProjectField
              id="vd-project"
              label={t('Project')}
              placeholder={t('Choose a project')}
              projects={projects}
              value={field.value}
              error={fieldError(form, 'namespace')}
              onChange={field.onChange}
            />
          )}
        />
      )}
    </div>
  );
}
