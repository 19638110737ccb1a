import { Checkbox, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { cloneTask } from '~/api/clones';
import { snapshotTask } from '~/api/snapshots';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { nameMistake, nameTexts } from '~/kubevirt/vmName';
import { timeName } from '~/kubevirt/vmSnapshots';
import { FieldGroup } from '~/ui/FieldGroup';
import { FormModal } from '~/ui/FormModal';

import { NameList } from './NameList';
import { Command } from './OperationCommand';
import { RefusalsAlert, useRefusals, vmText } from './useRefusal';
import { useTasks } from './useTasks';

interface Props {
  vms: readonly VmListRow[];
  copy: 'snapshot' | 'clone';
  onClose: () => void;
  /** Called once it is under way. */
  onDone?: () => void;
}

/** Longest part of a VM's name that is kept before the ending. */
const longestName = 40;
const mostNames = 200;

/** Takes a snapshot or makes a clone of each VM; the names end all alike. Many are a job. */
export function CopyDialog(props: Props) {
  const { vms, copy, onClose } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const isClone = copy === 'clone';
  const [ending, setEnding] = useState(() => (isClone ? 'clone' : timeName(new Date())));
  const [minutes, setMinutes] = useState('5');
  const [start, setStart] = useState(false);
  const copies = vms.map((vm) => ({ vm, name: `${vm.name.slice(0, longestName)}-${ending}` }));
  const mistake =
    ending === '' ? 'empty' : copies.flatMap(({ name }) => nameMistake(name) ?? [])[0];
  const seconds = Number(minutes) * 60;
  const tasks = copies.map(({ vm, name }) => {
    if (!isClone) return snapshotTask(vm, { name, failureDeadline: seconds });
    const source = { kind: 'VirtualMachine', name: vm.name } as const;
    return cloneTask({ namespace: vm.namespace, source, target: name, start });
  });
  const [first] = tasks;
  const isOne = tasks.length === 1;
  const refusals = useRefusals(
    mistake === undefined ? tasks.map(({ vm, call }) => ({ name: vmText(vm), call })) : [],
  );
  const count = vms.length;
  const label = isClone ? t('Clone') : t('Take snapshot');
  const [one] = vms;
  const title =
    isOne && one
      ? isClone
        ? t('Clone {{name}}', { name: one.name })
        : t('Take a snapshot of {{name}}', { name: one.name })
      : isClone
        ? t('Clone {{count}} virtual machines', { count })
        : t('Take snapshots of {{count}} virtual machines', { count });
  const { isSubmitting, submitError, submit } = useTasks(props, label, tasks);
  return (
    <FormModal
      size="small"
      title={title}
      submitLabel={label}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={
        mistake ? t(nameTexts[mistake]) : seconds > 0 ? undefined : t('Give at least 1 minute.')
      }
      onSubmit={submit}
      onCancel={onClose}
    >
      <RefusalsAlert refusals={refusals} of={tasks.length} />
      <FieldGroup
        label={t('The names end with')}
        fieldId="vd-copy-ending"
        isRequired
        error={mistake && t(nameTexts[mistake])}
      >
        <TextInput
          id="vd-copy-ending"
          aria-describedby="vd-copy-ending-help"
          value={ending}
          validated={mistake ? 'error' : 'default'}
          onChange={(_event, value) => setEnding(value)}
        />
      </FieldGroup>
      {isClone ? (
        <Checkbox
          id="vd-copy-start"
          label={t('Start it once it is there')}
          isChecked={start}
          onChange={(_event, checked) => setStart(checked)}
        />
      ) : (
        <FieldGroup
          label={t('Give up after (minutes)')}
          fieldId="vd-copy-deadline"
          error={undefined}
        >
          <TextInput
            id="vd-copy-deadline"
            type="number"
            min={1}
            value={minutes}
            onChange={(_event, value) => setMinutes(value)}
          />
        </FieldGroup>
      )}
      <div>
        <p>{t('These will be made:')}</p>
        <NameList
          most={mostNames}
          names={copies.map(({ vm: { namespace }, name }) =>
            isOne ? name : vmText({ name, namespace }),
          )}
        />
      </div>
      {first ? (
        <Command
          command={tasks.map(({ command }) => command).join('\n')}
          call={tasks.map(({ call }) => call)}
        />
      ) : null}
    </FormModal>
  );
}
