import { Alert, Checkbox, TextInput } from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { restoreCreate, snapshotCreate, snapshotDelete } from '~/api/snapshots';
import type { VmRef } from '~/api/vms';
import type { SnapshotRow } from '~/kubevirt/vmSnapshots';
import type { ErrorText } from '~/ui/ErrorText';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';

import { useErrorText } from '~/api/useErrorText';

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
  const toErrorText = useErrorText();
  const [isSubmitting, setSubmitting] = useState(false);
  const [submitError, setSubmitError] = useState<ErrorText>();
  const [name, setName] = useState(() => `${vm.name}-${timeStamp()}`);
  const [minutes, setMinutes] = useState('5');
  const [stop, setStop] = useState(true);
  const [inPlace, setInPlace] = useState(false);

  const texts: Record<OpenSnapshot['what'], { title: string; submit: string; done: string }> = {
    take: {
      title: t('Take a snapshot of {{name}}', { name: vm.name }),
      submit: t('Take snapshot'),
      done: t('Taking snapshot {{name}}', { name }),
    },
    restore: {
      title: t('Put {{name}} back to this snapshot?', { name: vm.name }),
      submit: t('Restore'),
      done: t('Restoring {{name}}', { name: vm.name }),
    },
    delete: {
      title: t('Delete the snapshot?'),
      submit: t('Delete'),
      done: t('Deleting the snapshot'),
    },
  };
  const call = async () => {
    if (open.what === 'take') {
      await snapshotCreate(vm, { name, failureDeadline: Number(minutes) * 60 });
    } else if (open.what === 'restore') {
      await restoreCreate(vm, { snapshot: open.snapshot.name, stop, inPlace });
    } else {
      await snapshotDelete({ namespace: vm.namespace, name: open.snapshot.name });
    }
  };
  const submit = async () => {
    setSubmitting(true);
    setSubmitError(undefined);
    try {
      await call();
      toastAdd({ tone: 'success', title: texts[open.what].done });
      onClose();
    } catch (error) {
      setSubmitError(toErrorText(error));
      setSubmitting(false);
    }
  };
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
      onSubmit={() => void submit()}
      onCancel={onClose}
    >
      {bodies[open.what]()}
    </FormModal>
  );
}

/** `20261123-0725`, for names that sort by time. */
function timeStamp(): string {
  return new Date().toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-');
}
