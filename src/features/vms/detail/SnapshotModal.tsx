import { Alert, Checkbox, TextInput } from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { restoreTask, snapshotDeleteTask, snapshotTask } from '~/api/snapshots';
import { type CreateTask, vmDo, type VmRef, type VmTask } from '~/api/vms';
import { type SnapshotRow, timeName } from '~/kubevirt/vmSnapshots';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { useErrorText } from '~/api/useErrorText';

import { Command } from '../actions/OperationCommand';
import { RefusalAlert, useRefusal } from '../actions/useRefusal';

interface Texts {
  title: string;
  submit: string;
  /** Among the recent tasks. */
  job: string;
  done: string;
}

export type OpenSnapshot = { what: 'take' } | { what: 'restore' | 'delete'; snapshot: SnapshotRow };

interface ModalProps {
  vm: VmRef;
  open: OpenSnapshot;
  isRunning: boolean;
  /** Disks that cannot be part of a snapshot, with the server's reason. */
  missing: readonly string[];
  diskNames: readonly string[];
  onClose: () => void;
}

/** Takes, restores or deletes a snapshot. */
export function SnapshotModal({ vm, open, isRunning, missing, diskNames, onClose }: ModalProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [name, setName] = useState(() => `${vm.name}-${timeName(new Date())}`);
  const [minutes, setMinutes] = useState('5');
  const [stop, setStop] = useState(true);
  const [inPlace, setInPlace] = useState(false);

  const texts: Record<OpenSnapshot['what'], Texts> = {
    take: {
      title: t('Take a snapshot of {{name}}', { name: vm.name }),
      submit: t('Take snapshot'),
      job: t('Take snapshot'),
      done: t('Taking snapshot {{name}}', { name }),
    },
    restore: {
      title: t('Put {{name}} back to this snapshot?', { name: vm.name }),
      submit: t('Restore'),
      job: t('Restore a snapshot'),
      done: t('Restoring {{name}}', { name: vm.name }),
    },
    delete: {
      title: t('Delete the snapshot?'),
      submit: t('Delete'),
      job: t('Delete a snapshot'),
      done: t('Deleting the snapshot'),
    },
  };
  const task = taskOf(vm, open, {
    ...{ name, stop, inPlace },
    failureDeadline: Number(minutes) * 60,
  });
  const refusal = useRefusal(task.call);
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      await vmDo(texts[open.what].job, task);
      toastAdd({ tone: 'success', title: texts[open.what].done });
    },
    onClose,
  );
  const bodies: Record<OpenSnapshot['what'], () => ReactNode> = {
    take: () => (
      <>
        <FieldGroup label={t('Name')} fieldId="vd-snapshot-name" isRequired error={undefined}>
          <TextInput
            id="vd-snapshot-name"
            value={name}
            onChange={(_event, value) => setName(value)}
          />
        </FieldGroup>
        <FieldGroup
          label={t('Give up after (minutes)')}
          fieldId="vd-snapshot-deadline"
          error={undefined}
        >
          <TextInput
            id="vd-snapshot-deadline"
            type="number"
            min={1}
            value={minutes}
            onChange={(_event, value) => setMinutes(value)}
          />
        </FieldGroup>
        <p>{t('Disks: {{disks}}', { disks: diskNames.join(', ') })}</p>
        {missing.length > 0 ? (
          <Alert
            isInline
            component="h2"
            variant="warning"
            title={t('Not all disks will be part of it')}
          >
            {missing.join('; ')}
          </Alert>
        ) : null}
      </>
    ),
    restore: () => (
      <>
        <p>{t('What was written to its disks and changed of it since then is lost.')}</p>
        {isRunning ? (
          <Checkbox
            id="vd-restore-stop"
            label={t('Stop it now. Otherwise the restore waits until it is stopped.')}
            isChecked={stop}
            onChange={(_event, checked) => setStop(checked)}
          />
        ) : null}
        <Checkbox
          id="vd-restore-in-place"
          label={t('Keep the names of its volume claims: the present ones are deleted.')}
          isChecked={inPlace}
          onChange={(_event, checked) => setInPlace(checked)}
        />
      </>
    ),
    delete: () => <p>{t('The virtual machine and its disks stay. This cannot be undone.')}</p>,
  };
  return (
    <FormModal
      title={texts[open.what].title}
      description={open.what === 'take' ? '' : open.snapshot.name}
      size="small"
      isDanger={open.what !== 'take'}
      submitLabel={texts[open.what].submit}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={
        open.what === 'take' && !(Number(minutes) > 0) ? t('Give at least 1 minute.') : undefined
      }
      onSubmit={submit}
      onCancel={onClose}
    >
      <RefusalAlert refusal={refusal} />
      {bodies[open.what]()}
      <Command command={task.command} call={task.call} />
    </FormModal>
  );
}

interface Choices {
  /** Of the snapshot that is taken. */
  name: string;
  failureDeadline: number;
  stop: boolean;
  inPlace: boolean;
}

/** What is sent, with its request where the server is to be asked before: not about a deletion. */
function taskOf(
  vm: VmRef,
  open: OpenSnapshot,
  { name, failureDeadline, stop, inPlace }: Choices,
): VmTask & Partial<Pick<CreateTask, 'call'>> {
  switch (open.what) {
    case 'take':
      return snapshotTask(vm, { name, failureDeadline });
    case 'restore':
      return restoreTask(vm, { snapshot: open.snapshot.name, stop, inPlace });
    case 'delete':
      return snapshotDeleteTask(vm, open.snapshot.name);
  }
}
