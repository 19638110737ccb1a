import { TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { memoryDumpTask } from '~/api/memoryDumps';
import { vmDo, type VmRef } from '~/api/vms';
import { formatBytes } from '~/k8s/quantity';
import { memoryDumpBytes } from '~/kubevirt/vmMemoryDump';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { useErrorText } from '~/api/useErrorText';
import { Command } from './OperationCommand';

interface Props {
  vm: VmRef;
  memoryBytes: number;
  /** The claim that the VM has for it already. */
  claim: string | undefined;
  onClose: () => void;
}

/** Has the memory of a running guest written to a volume claim, which is made when it is not there. */
export function MemoryDumpDialog({ vm, memoryBytes, claim, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [name, setName] = useState(claim ?? `${vm.name}-memory-dump`);
  const bytes = memoryDumpBytes(memoryBytes);
  const task = memoryDumpTask(vm, {
    claim: name,
    bytes: claim === undefined ? bytes : undefined,
  });
  const problem = name === '' ? t('Give it a name.') : undefined;
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      await vmDo(t('Dump memory'), task);
      toastAdd({ tone: 'success', title: t('Dumping the memory of {{name}}', { name: vm.name }) });
    },
    onClose,
  );
  return (
    <FormModal
      size="small"
      title={t('Dump the memory of {{name}}?', { name: vm.name })}
      submitLabel={t('Dump memory')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={problem}
      onSubmit={submit}
      onCancel={onClose}
    >
      <p>
        {t('The guest stands still meanwhile. What it has in memory, secrets too, is in the file.')}
      </p>
      <FieldGroup
        label={t('Volume claim')}
        fieldId="vd-dump-claim"
        isRequired
        help={t('One that is not there is made, with {{size}}.', { size: formatBytes(bytes) })}
        error={problem}
      >
        <TextInput
          id="vd-dump-claim"
          aria-describedby="vd-dump-claim-help"
          value={name}
          {...(claim === undefined ? {} : { readOnlyVariant: 'default' as const })}
          onChange={(_event, value) => setName(value)}
        />
      </FieldGroup>
      <Command command={task.command} call={task.calls} />
    </FormModal>
  );
}
