import { Alert, Button, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { templateModel, templateObjects, useTemplates } from '~/api/templates';
import { useErrorText } from '~/api/useErrorText';
import { useWatchObject } from '~/api/useWatch';
import { rowsOf, dataOf } from '~/k8s/Watched';
import { templateDraft } from '~/kubevirt/create/templateDraft';
import type { DraftTemplate } from '~/kubevirt/create/vmDraft';
import { parameterMistake, templateMistakes } from '~/kubevirt/templates/processTemplate';
import {
  type AnyTemplate,
  parametersOf,
  type TemplateParameter,
} from '~/kubevirt/templates/templateRow';
import { DialogError } from '~/ui/DialogFrame';
import type { ErrorText } from '~/ui/ErrorText';
import { FieldGroup } from '~/ui/FieldGroup';
import { toastAdd } from '~/ui/toasts';

import { ChoiceField } from '~/ui/ChoiceField';
import type { StepProps } from './StepProps';

const keyOf = ({ kind, namespace, name }: DraftTemplate) => `${kind}/${namespace}/${name}`;

/** Chooses a template and fills in its parameters; taken over, it is what the wizard shows. */
export function TemplateFields({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { template } = draft;
  const all = useTemplates(undefined);
  // Who may not list all projects has those of the project.
  const own = useTemplates(all.state === 'error' ? draft.namespace : undefined);
  const watched = all.state === 'error' ? own : all;
  if (!template) return null;
  const rows = rowsOf(watched) ?? [];
  const set = (next: DraftTemplate) => change({ template: next });
  return (
    <>
      {watched.state === 'error' ? (
        <DialogError error={{ title: t(watched.error.title), detail: watched.error.detail }} />
      ) : null}
      <ChoiceField
        id="vd-template"
        label={t('Template')}
        value={template.name === '' ? '' : keyOf(template)}
        error={errorOf('template')}
        choices={[
          { value: '', label: t('Choose one') },
          ...rows.map(({ key, namespace, name, title }) => ({
            value: key,
            label: title === '' ? `${namespace}/${name}` : `${title} (${namespace}/${name})`,
          })),
        ]}
        onChange={(key) => {
          const row = rows.find((one) => one.key === key);
          const { kind = 'VirtualMachineTemplate', namespace = '', name = '' } = row ?? {};
          set({ kind, namespace, name, values: {} });
        }}
      />
      {template.name === '' ? null : (
        <Parameters
          // Another template has other parameters.
          key={keyOf(template)}
          chosen={template}
          draft={draft}
          change={change}
        />
      )}
    </>
  );
}

function Parameters({
  chosen,
  draft,
  change,
}: Pick<StepProps, 'draft' | 'change'> & { chosen: DraftTemplate }) {
  const { t } = useTranslation('plugin__virtdeck');
  const toErrorText = useErrorText();
  const { kind, namespace, name, values } = chosen;
  const watched = useWatchObject<AnyTemplate>({ model: templateModel(kind), namespace, name });
  const [isTaking, setTaking] = useState(false);
  const [wasTaken, setWasTaken] = useState(false);
  const [error, setError] = useState<ErrorText>();
  const found = dataOf(watched);
  if (watched.state === 'error') {
    return <DialogError error={{ title: t(watched.error.title), detail: watched.error.detail }} />;
  }
  if (watched.state === 'ready' && found === undefined) {
    return (
      <Alert isInline component="h3" variant="danger" title={t('It was deleted meanwhile.')} />
    );
  }
  const template = { ...found, kind };
  const parameters = parametersOf(template);
  const isBad = parameters.some((one) => parameterMistake(one, values[one.name]) !== undefined);
  const take = async () => {
    setWasTaken(true);
    if (isBad) return;
    setTaking(true);
    setError(undefined);
    try {
      const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
      const { vm, also, message } = await templateObjects(template, draft.namespace, given);
      const next = templateDraft(draft, { vm, also, template: { namespace, name } });
      if (message !== '') toastAdd({ tone: 'info', title: message });
      change(next);
    } catch (thrown) {
      setError(toErrorText(thrown));
      setTaking(false);
    }
  };
  return (
    <>
      <DialogError error={error} />
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name]}
          wasTaken={wasTaken}
          onChange={(value) =>
            change({ template: { ...chosen, values: { ...values, [parameter.name]: value } } })
          }
        />
      ))}
      <div>
        <Button
          variant="secondary"
          isDisabled={found === undefined || isTaking || draft.namespace === ''}
          isLoading={isTaking}
          onClick={() => void take()}
        >
          {t('Take over the template')}
        </Button>
      </div>
    </>
  );
}

interface ParameterProps {
  parameter: TemplateParameter;
  value: string | undefined;
  wasTaken: boolean;
  onChange: (value: string) => void;
}

function ParameterField({ parameter, value, wasTaken, onChange }: ParameterProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { name, displayName, description, generate, from, required } = parameter;
  const id = `vd-parameter-${name}`;
  const mistake = parameterMistake(parameter, value);
  const made = generate ? t('Generated when empty: {{from}}', { from: from ?? '' }) : undefined;
  return (
    <FieldGroup
      label={displayName ?? name}
      fieldId={id}
      isRequired={required === true && !generate}
      help={[description, made].filter(Boolean).join('\n') || undefined}
      error={wasTaken && mistake ? t(templateMistakes[mistake]) : undefined}
    >
      <TextInput
        id={id}
        autoComplete="off"
        value={value ?? parameter.value ?? ''}
        aria-describedby={`${id}-help`}
        onChange={(_event, text) => onChange(text)}
      />
    </FieldGroup>
  );
}
