import { Checkbox, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { CreateAllError, objectText } from '~/api/createAll';
import { useProjectChoices } from '~/api/projects';
import { vmFromTemplate } from '~/api/templates';
import { useNavigate, vmHref } from '~/console/navigation';
import { readAt, writeAt } from '~/kubevirt/catalog/fieldAt';
import { parameterMistake, templateMistakes } from '~/kubevirt/templates/processTemplate';
import { type AnyTemplate, parametersOf, vmOf } from '~/kubevirt/templates/templateRow';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { ProjectField } from '~/ui/ProjectField';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { useErrorText } from '~/api/useErrorText';

interface Props {
  template: AnyTemplate;
  /** Project of the page; undefined for all. */
  namespace: string | undefined;
  onClose: () => void;
}

/** Projects that hold templates for all, and no VMs. */
const shared = ['openshift', 'openshift-virtualization-os-images', 'kubevirt-os-images'];

/** Makes a VM, and what goes with it, from a template and values of its parameters. */
export function VmFromTemplateModal({ template, namespace, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const toText = useErrorText();
  const { name = '', namespace: own = '' } = template.metadata ?? {};
  const parameters = parametersOf(template);
  const projects = useProjectChoices();
  const [chosen, setChosen] = useState(namespace ?? (shared.includes(own) ? 'default' : own));
  // It may be one that the user does not see, or that is being deleted.
  const project = projects.names?.includes(chosen) === false ? '' : chosen;
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [starts, setStarts] = useState(() => {
    const vm = vmOf(template);
    return (
      readAt(vm, ['spec', 'runStrategy']) !== 'Halted' && readAt(vm, ['spec', 'running']) !== false
    );
  });
  const [wasSent, setWasSent] = useState(false);
  const isBad =
    project === '' ||
    parameters.some((one) => parameterMistake(one, typed[one.name]) !== undefined);

  const change = (vm: object): object => {
    const wasStarting =
      readAt(vm, ['spec', 'runStrategy']) !== 'Halted' && readAt(vm, ['spec', 'running']) !== false;
    const named = ['vm.kubevirt.io/template', 'vm.kubevirt.io/template.namespace'].reduce(
      (now, label, index) =>
        readAt(now, ['metadata', 'labels', label]) === undefined
          ? writeAt(now, ['metadata', 'labels', label], index === 0 ? name : own)
          : now,
      vm,
    );
    if (starts === wasStarting) return named;
    const free = writeAt(named, ['spec', 'running'], undefined);
    return writeAt(free, ['spec', 'runStrategy'], starts ? 'Always' : 'Halted');
  };
  const { isSubmitting, submitError, submit } = useSubmit(
    (error) => {
      if (!(error instanceof CreateAllError)) return toText(error);
      const { object, failure } = error.refusal;
      return {
        title: t('Nothing was created'),
        detail: `${objectText(object)}: ${failure.detail}`,
      };
    },
    async () => {
      const values = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ''));
      const made = await vmFromTemplate(template, project, values, change);
      toastAdd({
        tone: 'success',
        title: t('Created {{name}}', { name: made.name }),
        ...(made.message && { detail: made.message }),
      });
      void navigate(vmHref(made));
    },
    onClose,
  );
  return (
    <FormModal
      title={t('Create virtual machine from {{name}}', { name })}
      submitLabel={t('Create')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      onSubmit={() => {
        setWasSent(true);
        if (!isBad) submit();
      }}
      onCancel={onClose}
    >
      <ProjectField
        id="vd-template-project"
        label={t('Project')}
        placeholder={t('Choose a project')}
        projects={projects.isLoading ? [chosen] : projects.names}
        value={project}
        error={wasSent && project === '' ? t('Choose a project') : undefined}
        onChange={(next) => setChosen(next.trim())}
      />
      {parameters.map((parameter) => {
        const { name: key, displayName, description, value, generate, from, required } = parameter;
        const id = `vd-parameter-${key}`;
        const mistake = parameterMistake(parameter, typed[key]);
        const made = generate
          ? t('Generated when empty: {{from}}', { from: from ?? '' })
          : undefined;
        return (
          <FieldGroup
            key={key}
            label={displayName ?? key}
            fieldId={id}
            isRequired={required === true && !generate}
            help={[description, made].filter(Boolean).join('\n') || undefined}
            error={wasSent && mistake ? t(templateMistakes[mistake]) : undefined}
          >
            <TextInput
              id={id}
              autoComplete="off"
              value={typed[key] ?? value ?? ''}
              aria-describedby={`${id}-help`}
              onChange={(_event, text) => setTyped({ ...typed, [key]: text })}
            />
          </FieldGroup>
        );
      })}
      <Checkbox
        id="vd-template-start"
        label={t('Start as soon as it is created')}
        isChecked={starts}
        onChange={(_event, checked) => setStarts(checked)}
      />
    </FormModal>
  );
}
