import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useBootSources } from '~/api/bootSources';
import { readAt, writeAt } from '~/kubevirt/catalog/fieldAt';
import type { FormField } from '~/kubevirt/catalog/formFields';
import {
  type AnyTemplate,
  isOpenshift,
  parametersOf,
  parametersPath,
  vmPath,
} from '~/kubevirt/templates/templateRow';
import { FieldGroup } from '~/ui/FieldGroup';

import { ParametersField } from './ParametersField';

const annotation = (key: string) => ['metadata', 'annotations', key];

/** Fields of the form over a template. */
export function templateFields(template: AnyTemplate): readonly FormField[] {
  const message = isOpenshift(template) ? ['message'] : ['spec', 'message'];
  return [
    {
      ...{ kind: 'name', path: ['metadata', 'name'], group: 'general', label: 'Name' },
      ...{ isRequired: true, isIdentity: true },
    },
    {
      ...{ kind: 'project', path: ['metadata', 'namespace'], group: 'general', label: 'Project' },
      ...{ isRequired: true, isIdentity: true },
    },
    {
      ...{ kind: 'text', path: annotation('openshift.io/display-name'), group: 'general' },
      label: 'Display name',
    },
    {
      ...{ kind: 'longText', path: annotation('description'), group: 'general' },
      label: 'Description',
    },
    {
      ...{ kind: 'longText', path: message, group: 'general' },
      ...{ label: 'Message for users', help: 'Shown when a virtual machine was made.' },
    },
    { kind: 'pairs', path: ['metadata', 'labels'], group: 'labels', label: 'Labels' },
  ];
}

interface Props {
  template: AnyTemplate;
  onChange: (template: AnyTemplate) => void;
}

/** What of a template is more than a plain field: the boot source and the parameters. */
export function TemplateExtra({ template, onChange }: Props) {
  return (
    <>
      <BootSourceChoice template={template} onChange={onChange} />
      <ParametersField
        parameters={parametersOf(template)}
        onChange={(parameters) =>
          onChange(
            writeAt(
              template,
              parametersPath(template),
              parameters.length === 0 ? undefined : parameters,
            ),
          )
        }
      />
    </>
  );
}

/** What the first disk of new VMs is made from. */
function BootSourceChoice({ template, onChange }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { rows } = useBootSources(template.metadata?.namespace);
  const vm = vmPath(template);
  const path = vm && [...vm, 'spec', 'dataVolumeTemplates', '0', 'spec'];
  if (!path || readAt(template, path) === undefined) return null;
  const text = (key: string) => {
    const value = readAt(template, [...path, 'sourceRef', key]);
    return typeof value === 'string' ? value : '';
  };
  const now = text('name') === '' ? '' : `${text('namespace')}/${text('name')}`;
  const choose = (key: string) => {
    const source = rows.find((row) => row.key === key);
    if (!source) return;
    const { namespace, name } = source;
    const sourceRef = { kind: 'DataSource', namespace, name };
    const without = writeAt(template, [...path, 'source'], undefined);
    onChange(writeAt(without, [...path, 'sourceRef'], sourceRef));
  };
  return (
    <FieldGroup
      label={t('Boot source')}
      fieldId="vd-template-source"
      help={t('What the first disk is made from.')}
      error={undefined}
    >
      <FormSelect
        id="vd-template-source"
        aria-describedby="vd-template-source-help"
        value={now}
        onChange={(_event, key) => choose(key)}
      >
        {now === '' || !rows.some(({ key }) => key === now) ? (
          <FormSelectOption value={now} label={now || t('As the template has it')} />
        ) : null}
        {rows.map((row) => (
          <FormSelectOption key={row.key} value={row.key} label={row.key} />
        ))}
      </FormSelect>
    </FieldGroup>
  );
}
