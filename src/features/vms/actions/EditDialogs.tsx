import {
  FormGroup,
  FormSelect,
  FormSelectOption,
  Spinner,
  TextArea,
  TextInput,
} from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { vmChangeTask, vmDo, vmGet, vmTask } from '~/api/vms';
import { toFailure } from '~/k8s/errors';
import type { PatchOperation } from '~/k8s/jsonPatch';
import { formatPairs, parsePairs } from '~/k8s/pairs';
import { vmCall } from '~/kubevirt/vmCall';
import { type RunStrategy, runStrategies } from '~/kubevirt/vmCan';
import type { VmChange } from '~/kubevirt/vmChange';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { patchMetadata } from '~/kubevirt/vmPatches';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';
import { useSubmit } from '~/ui/useSubmit';

import { useErrorText } from '~/api/useErrorText';
import { ChangeCommand, OperationCommand } from './OperationCommand';
import { RefusalAlert, RefusalsAlert, useChangeCheck, useRefusal } from './useRefusal';
import { useTasks } from './useTasks';

/** VMs that are changed all in the same way. */
export interface ChangeProps {
  vms: readonly VmListRow[];
  onClose: () => void;
  onDone?: () => void;
}

/**
 * Sends a change to one VM, and waits for it; or to many, as a job. What the server would refuse of it, and the
 * request of the first that is changed, are known before.
 */
export function useChange(props: ChangeProps, title: string, change: VmChange) {
  const tasks = props.vms.map((vm) => vmChangeTask(vm, change));
  return { ...useTasks(props, title, tasks), ...useChangeCheck(props.vms, change) };
}

/** How many of several VMs a change is for: those that are as wished already stay as they are. */
export function ChangedCount({ vms, count }: Pick<ChangeProps, 'vms'> & { count: number }) {
  const { t } = useTranslation('plugin__virtdeck');
  return vms.length > 1 ? <p>{t('This changes {{count}} virtual machines.', { count })}</p> : null;
}

/** Puts VMs into a group, or takes them out. */
export function GroupDialog(props: ChangeProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { vms, onClose } = props;
  const [group, setGroup] = useState(vms[0]?.group ?? '');
  const title = t('Move to group');
  const change: VmChange = { kind: 'group', group: group.trim() };
  const { isSubmitting, submitError, submit, refusals, call } = useChange(props, title, change);
  const count = vms.filter((vm) => vm.group !== change.group).length;
  const nothing = count === 0 ? t('Nothing is changed yet.') : undefined;
  // src: apimachinery pkg/util/validation IsValidLabelValue
  const isName = /^$|^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(group.trim());
  return (
    <FormModal
      size="small"
      title={title}
      submitLabel={t('Save')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={
        isName ? nothing : t('Use letters, digits, dots, dashes and underscores, 63 at most.')
      }
      onSubmit={submit}
      onCancel={onClose}
    >
      <RefusalsAlert refusals={refusals} of={vms.length} />
      <FormGroup label={t('Group')} fieldId="vd-group">
        <TextInput
          id="vd-group"
          value={group}
          autoComplete="off"
          onChange={(_event, text) => setGroup(text)}
        />
        <div className="vd-hint">{t('Empty takes it out of its group.')}</div>
      </FormGroup>
      <ChangedCount vms={vms} count={count} />
      <ChangeCommand vms={vms} change={change} call={call} />
    </FormModal>
  );
}

/** Chooses what the cluster does by itself when a VM stands still. */
export function RunStrategyDialog(props: ChangeProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [strategy, setStrategy] = useState<RunStrategy>(props.vms[0]?.runStrategy ?? 'Always');
  const title = t('Run strategy');
  const change: VmChange = { kind: 'runStrategy', strategy };
  const { isSubmitting, submitError, submit, refusals, call } = useChange(props, title, change);
  const count = props.vms.filter((vm) => vm.runStrategy !== strategy).length;
  const meanings: Partial<Record<RunStrategy, string>> = {
    Always: t('It always runs; the cluster starts it again whatever ended it.'),
    RerunOnFailure: t('It is started again when it failed, not when its guest shut down.'),
    Manual: t('It runs and stops by command only.'),
    Halted: t('It does not run.'),
    Once: t('It is started once and then left.'),
  };
  return (
    <FormModal
      size="small"
      title={title}
      submitLabel={t('Save')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={count === 0 ? t('Nothing is changed yet.') : undefined}
      onSubmit={submit}
      onCancel={props.onClose}
    >
      <RefusalsAlert refusals={refusals} of={props.vms.length} />
      <FormGroup label={title} fieldId="vd-strategy">
        <FormSelect
          id="vd-strategy"
          value={strategy}
          onChange={(_event, value) =>
            setStrategy(runStrategies.find((one) => one === value) ?? strategy)
          }
        >
          {Object.keys(meanings).map((one) => (
            <FormSelectOption key={one} value={one} label={one} />
          ))}
        </FormSelect>
        <div className="vd-hint">{meanings[strategy]}</div>
      </FormGroup>
      <ChangedCount vms={props.vms} count={count} />
      <ChangeCommand vms={props.vms} change={change} call={call} />
    </FormModal>
  );
}

type Metadata = Parameters<typeof patchMetadata>[0];

/** Labels and annotations of one VM, a line each. */
export function MetadataDialog({ vm, onClose }: { vm: VmListRow; onClose: () => void }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace, name } = vm;
  const [seen, setSeen] = useState<Metadata>();
  const [trouble, setTrouble] = useState('');
  const [labels, setLabels] = useState('');
  const [annotations, setAnnotations] = useState('');

  // Asks the API server, once: the list keeps no annotations.
  useEffect(() => {
    let isLeft = false;
    vmGet({ namespace, name }).then(
      (stored) => {
        if (isLeft) return;
        const { labels: found = {}, annotations: notes = {} } = stored.metadata ?? {};
        setSeen(stored);
        setLabels(formatPairs(found));
        setAnnotations(formatPairs(notes));
      },
      (error: unknown) => {
        if (!isLeft) setTrouble(toFailure(error).detail);
      },
    );
    return () => {
      isLeft = true;
    };
  }, [namespace, name]);

  const wanted = { labels: parsePairs(labels), annotations: parsePairs(annotations) };
  const patch: readonly PatchOperation[] = seen ? patchMetadata(seen, wanted) : [];
  const refusal = useRefusal(patch.length > 0 ? vmCall(vm, { action: 'edit', patch }) : undefined);
  const title = t('Edit labels and annotations');
  const { isSubmitting, submitError, submit } = useSubmit(
    useErrorText(),
    async () => {
      await vmDo(title, vmTask(vm, { action: 'edit', patch }));
      toastAdd({ tone: 'success', title: t('{{title}}: done', { title }) });
    },
    onClose,
  );
  return (
    <FormModal
      title={title}
      description={t('One a line, as key=value.')}
      submitLabel={t('Save')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={patch.length === 0 ? t('Nothing is changed yet.') : undefined}
      onSubmit={submit}
      onCancel={onClose}
    >
      <RefusalAlert refusal={refusal} />
      {trouble === '' ? null : <p className="vd-server-text">{trouble}</p>}
      {seen ? (
        <>
          <FormGroup label={t('Labels')} fieldId="vd-labels">
            <TextArea
              id="vd-labels"
              className="vd-code"
              value={labels}
              rows={6}
              resizeOrientation="vertical"
              onChange={(_event, text) => setLabels(text)}
            />
          </FormGroup>
          <FormGroup label={t('Annotations')} fieldId="vd-annotations">
            <TextArea
              id="vd-annotations"
              className="vd-code"
              value={annotations}
              rows={6}
              resizeOrientation="vertical"
              onChange={(_event, text) => setAnnotations(text)}
            />
          </FormGroup>
        </>
      ) : trouble === '' ? (
        <Spinner size="lg" aria-label={t('Loading')} />
      ) : null}
      {patch.length > 0 ? (
        <OperationCommand vms={[vm]} operation={{ action: 'edit', patch }} />
      ) : null}
    </FormModal>
  );
}
