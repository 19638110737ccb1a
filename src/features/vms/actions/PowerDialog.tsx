import { FormGroup, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useNodeNames } from '~/api/nodes';
import { vmDo, vmJob, vmMigrationCancel } from '~/api/vms';
import { vmCall, vmCommand, type VmOperation } from '~/kubevirt/vmCall';
import { vmCan } from '~/kubevirt/vmCan';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { useErrorText } from '~/api/useErrorText';
import { NameList } from './NameList';
import { Command, OperationCommand } from './OperationCommand';
import { type Asked, RefusalsAlert, useCheck, vmText } from './useRefusal';
import { powerTask, toastJob } from './runAction';
import { type PowerAction, useActionTexts } from './useActionTexts';

interface Props {
  vms: readonly VmListRow[];
  action: PowerAction;
  onClose: () => void;
  /** Called once it is under way. */
  onDone?: () => void;
}

/** Asks before an action on one VM or many. Those in whose state it makes no sense are left out and named. */
export function PowerDialog({ vms, action, onClose, onDone }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const texts = useActionTexts()[action];
  const [node, setNode] = useState('');
  const verdicts = vms.map((vm) => ({ vm, verdict: vmCan(action, vm) }));
  const able = verdicts.filter(({ verdict }) => verdict.allowed).map(({ vm }) => vm);
  const skipped = verdicts.flatMap(({ vm, verdict }) =>
    verdict.allowed ? [] : [{ vm, reason: verdict.reason }],
  );
  const [only] = vms;
  const isOne = vms.length === 1 && only !== undefined;
  const task = (vm: VmListRow) => powerTask(vm, action, node === '' ? undefined : node);
  const { refusals, call } = useCheck(
    (isOne ? vms : able).flatMap((vm) => askedOf(vm, action, node) ?? []),
  );
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      if (isOne) {
        await vmDo(texts.label, task(only));
        toastAdd({ tone: 'success', title: texts.done(only.name) });
      } else {
        void vmJob(texts.label, able.map(task)).then((job) =>
          toastJob((key, values = {}) => t(key, values), job),
        );
      }
    },
    () => {
      onClose();
      onDone?.();
    },
  );
  return (
    <FormModal
      size="small"
      title={
        isOne
          ? texts.title(only.name)
          : t('{{action}}: {{count}} virtual machines', {
              action: texts.label,
              count: able.length,
            })
      }
      isDanger={texts.isDanger === true}
      submitLabel={texts.label}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={
        isOne || able.length > 0 ? undefined : t('None of them is in a state for this.')
      }
      elementToFocus="#vd-form-dialog-submit"
      onSubmit={submit}
      onCancel={onClose}
    >
      <RefusalsAlert refusals={refusals} of={isOne ? 1 : able.length} />
      {texts.question === undefined ? null : <p>{texts.question}</p>}
      {isOne ? null : <NameList names={able.map(vmText)} />}
      {skipped.length > 0 && !isOne ? (
        <>
          <p>{t('Left out, as it makes no sense in their state:')}</p>
          <NameList names={skipped.map(({ vm, reason }) => `${vm.name}: ${t(reason)}`)} />
        </>
      ) : null}
      {action === 'migrate' ? (
        <TargetField without={isOne ? only.node : ''} value={node} onChange={setNode} />
      ) : null}
      {action === 'cancelMigration' ? (
        // Which one it is the request finds out.
        <Command
          command={able.map((vm) => vmCommand(vm, { action, migration: '' })).join('\n')}
          call={call}
        />
      ) : (
        <OperationCommand
          vms={isOne ? vms : able}
          operation={
            action === 'migrate' ? { action, node: node === '' ? undefined : node } : { action }
          }
        />
      )}
    </FormModal>
  );
}

/** What the server is asked about before the click. */
function askedOf(vm: VmListRow, action: PowerAction, node: string): Asked | undefined {
  const asked = { name: vmText(vm), key: `${vm.key} ${action} ${node}` };
  // Which migration it is has to be found out.
  if (action === 'cancelMigration') {
    return { ...asked, call: async () => vmCall(vm, await vmMigrationCancel(vm)) };
  }
  // These two know no dry run.
  if (action === 'reset' || action === 'softReboot') return undefined;
  const operation: VmOperation =
    action === 'migrate' ? { action, node: node === '' ? undefined : node } : { action };
  return { ...asked, call: vmCall(vm, operation) };
}

interface TargetProps {
  /** The node on which it is already. */
  without: string;
  value: string;
  onChange: (node: string) => void;
}

function TargetField({ without, value, onChange }: TargetProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const nodes = useNodeNames().filter((name) => name !== without);
  return (
    <FormGroup label={t('Target node')} fieldId="vd-migrate-node">
      <FormSelect id="vd-migrate-node" value={value} onChange={(_event, node) => onChange(node)}>
        <FormSelectOption value="" label={t('Any suitable node')} />
        {nodes.map((name) => (
          <FormSelectOption key={name} value={name} label={name} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}
