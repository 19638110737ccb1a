import { Alert, Checkbox, FormGroup, Spinner } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { vmDeleteTask, vmDependentsGet } from '~/api/vmDependents';
import { vmDo } from '~/api/vms';
import { toFailure } from '~/k8s/errors';
import { deletionSteps, type DependentChoice } from '~/kubevirt/vmDependents';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { useErrorText } from '~/api/useErrorText';
import { Command } from './OperationCommand';
import { RefusalAlert, useRefusals } from './useRefusal';

interface OneProps {
  vm: VmListRow;
  onClose: () => void;
  onDone: (() => void) | undefined;
}

/** Asks before one VM is deleted, and what is to go with it. */
export function DeleteDialog({ vm, onClose, onDone }: OneProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { name, namespace, isInstance } = vm;
  // Nothing belongs to an instance: its disks are of others.
  const [choices, setChoices] = useState<readonly DependentChoice[] | undefined>(
    isInstance ? [] : undefined,
  );
  const [trouble, setTrouble] = useState('');
  // Not looked up: what belongs to it goes, all else stays.
  const steps = deletionSteps(vm, choices ?? []);
  const refusals = useRefusals(steps.map(({ call }) => ({ name, call })));
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      await vmDo(t('Delete'), vmDeleteTask(vm, choices ?? []));
      toastAdd({ tone: 'success', title: t('Deleting {{name}}', { name }) });
    },
    () => {
      onClose();
      onDone?.();
    },
  );

  // Asks the API server, once: what goes with it is not in the list.
  useEffect(() => {
    if (isInstance) return undefined;
    let isLeft = false;
    vmDependentsGet({ namespace, name }).then(
      (found) => {
        if (!isLeft) setChoices(found.map((one) => ({ ...one, goes: one.isOwned })));
      },
      (error: unknown) => {
        if (!isLeft) setTrouble(toFailure(error).detail);
      },
    );
    return () => {
      isLeft = true;
    };
  }, [namespace, name, isInstance]);

  return (
    <FormModal
      size="small"
      isDanger
      title={t('Delete {{name}}?', { name })}
      submitLabel={t('Delete')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      elementToFocus="#vd-form-dialog-submit"
      onSubmit={submit}
      onCancel={onClose}
    >
      <RefusalAlert refusal={refusals.map(({ detail }) => detail).join(' ')} />
      <p>
        {isInstance
          ? t('The instance {{name}} in project {{namespace}} is deleted; its guest shuts down.', {
              name,
              namespace,
            })
          : t('The virtual machine {{name}} in project {{namespace}} is deleted.', {
              name,
              namespace,
            })}{' '}
        {t('This cannot be undone.')}
      </p>
      {trouble === '' ? null : (
        <Alert
          isInline
          component="h2"
          variant="warning"
          title={t(
            'What belongs to it could not be looked up. The disks that it owns are deleted with it.',
          )}
        >
          <span className="vd-server-text">{trouble}</span>
        </Alert>
      )}
      {choices === undefined && trouble === '' ? (
        <Spinner size="md" aria-label={t('Looking for what belongs to it')} />
      ) : null}
      {choices !== undefined && choices.length > 0 ? (
        <FormGroup role="group" label={t('Delete with it')} fieldId="vd-delete-with" isStack>
          {choices.map((choice) => (
            <Checkbox
              key={`${choice.kind}/${choice.name}`}
              id={`vd-delete-${choice.kind}-${choice.name}`}
              label={choice.name}
              description={dependentText(t, choice)}
              isChecked={choice.goes}
              onChange={(_event, goes) =>
                setChoices(choices.map((one) => (one === choice ? { ...one, goes } : one)))
              }
            />
          ))}
        </FormGroup>
      ) : null}
      {choices?.length === 0 ? (
        <p>{t('It owns no disks. Volumes that it uses are kept.')}</p>
      ) : null}
      <Command
        command={steps.map(({ command }) => command).join('\n')}
        call={steps.map(({ call }) => call)}
      />
    </FormModal>
  );
}

function dependentText(t: (key: string) => string, { kind, goes }: DependentChoice): string {
  switch (kind) {
    case 'DataVolume':
      return goes ? t('Disk with everything on it') : t('Disk; it is kept');
    case 'VirtualMachineSnapshot':
      return t('Snapshot');
    case 'Service':
      return t('Service that leads to it');
    case 'Secret':
      return t('Secret that it uses; others may use it too');
  }
}
