import { Checkbox, List, ListItem, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { cloneTask } from '~/api/clones';
import { vmDo } from '~/api/vms';
import type { CloneOrder } from '~/kubevirt/vmClone';
import { nameMistake, nameTexts } from '~/kubevirt/vmName';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { useErrorText } from '~/api/useErrorText';
import { Command } from './OperationCommand';
import { RefusalAlert, useRefusal } from './useRefusal';

interface Props {
  namespace: string;
  /** The VM, or a snapshot of one. */
  source: CloneOrder['source'];
  isRunning: boolean;
  onClose: () => void;
}

/** Makes a new VM as another one is, or was. It is followed among the recent tasks. */
export function CloneDialog({ namespace, source, isRunning, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [target, setTarget] = useState(`${source.name}-clone`.slice(-63));
  const [start, setStart] = useState(false);
  const task = cloneTask({ namespace, source, target, start });
  const mistake = nameMistake(target);
  const problem = mistake && t(nameTexts[mistake]);
  const refusal = useRefusal(mistake ? undefined : task.call);
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      await vmDo(t('Clone {{name}}', { name: source.name }), task);
      toastAdd({ tone: 'success', title: t('Cloning {{name}}', { name: source.name }) });
    },
    onClose,
  );
  return (
    <FormModal
      size="small"
      title={t('Clone {{name}}', { name: source.name })}
      submitLabel={t('Clone')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={problem}
      onSubmit={submit}
      onCancel={onClose}
    >
      <RefusalAlert refusal={refusal} />
      <FieldGroup label={t('Name')} fieldId="vd-clone-name" isRequired error={problem}>
        <TextInput
          id="vd-clone-name"
          aria-describedby="vd-clone-name-help"
          value={target}
          validated={problem === undefined ? 'default' : 'error'}
          onChange={(_event, value) => setTarget(value)}
        />
      </FieldGroup>
      <FieldGroup label={t('Project')} fieldId="vd-clone-project" error={undefined}>
        <TextInput id="vd-clone-project" value={namespace} readOnlyVariant="plain" />
      </FieldGroup>
      <Checkbox
        id="vd-clone-start"
        label={t('Start it once it is there')}
        isChecked={start}
        onChange={(_event, checked) => setStart(checked)}
      />
      <List>
        <ListItem>
          {t('All disks that can be in a snapshot are copied, with labels and settings.')}
        </ListItem>
        <ListItem>{t('Its network addresses and firmware identifiers are new.')}</ListItem>
        {isRunning ? (
          <ListItem>
            {t('The virtual machine goes on running and is copied as it is now.')}
          </ListItem>
        ) : null}
      </List>
      <Command command={task.command} call={task.call} />
    </FormModal>
  );
}
