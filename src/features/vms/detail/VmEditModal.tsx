import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Alert, Button, ClipboardCopy, ExpandableSection } from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { VmConflictError, vmSave } from '~/api/vmSave';
import { changesOf, patchOf } from '~/k8s/jsonPatch';
import { mergeChanges } from '~/k8s/mergeChanges';
import { effectOf } from '~/kubevirt/vmEffect';
import type { ErrorText } from '~/ui/ErrorText';
import { FormModal } from '~/ui/FormModal';
import { toastAdd } from '~/ui/toasts';

import { useErrorText } from '~/api/useErrorText';
import { VmChangeList, VmConflictList } from './VmChangeList';

interface Props {
  /** Live: what others change meanwhile is joined, or shown where it is the same. */
  vm: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
  title: string;
  description?: string;
  submitLabel?: string;
  size?: 'small' | 'medium' | 'large';
  /** The VM with the changes of the form. */
  edit: (vm: V1VirtualMachine) => V1VirtualMachine;
  /** Why the values of the form cannot be saved. */
  invalidReason?: string | undefined;
  /** Selector of what gets the focus first, where it is not the first field. */
  elementToFocus?: string;
  children: ReactNode;
  /** Before it closes without having saved. */
  onCancel?: () => void;
  onClose: () => void;
}

/**
 * A form that changes a VM. Form, list of changes and command are views of one patch, made of the VM
 * as it was when the form was opened; it says before the click when it takes effect.
 */
export function VmEditModal(props: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { vmi, title, edit, invalidReason, onClose } = props;
  const toErrorText = useErrorText();
  const [base] = useState(props.vm);
  const [isSubmitting, setSubmitting] = useState(false);
  const [submitError, setSubmitError] = useState<ErrorText>();
  const [conflict, setConflict] = useState<VmConflictError>();
  const mine = invalidReason === undefined ? edit(base) : base;
  const changes = changesOf(base, mine);

  const save = async (before: V1VirtualMachine, after: V1VirtualMachine) => {
    setSubmitting(true);
    setSubmitError(undefined);
    try {
      await vmSave(before, after);
      toastAdd({ tone: 'success', title: t('Saved: {{title}}', { title }) });
      onClose();
    } catch (error) {
      if (error instanceof VmConflictError) setConflict(error);
      else setSubmitError(toErrorText(error));
      setSubmitting(false);
    }
  };
  const keepTheirs = (error: VmConflictError) => {
    // The side that is named second wins.
    const { merged } = mergeChanges(base, error.latest, mine);
    void save(error.latest, merged);
  };

  const nothing = changes.length === 0 ? t('Nothing is changed.') : undefined;
  return (
    <FormModal
      title={title}
      {...(props.description === undefined ? {} : { description: props.description })}
      size={props.size ?? 'medium'}
      submitLabel={conflict ? t('Keep mine') : (props.submitLabel ?? t('Save'))}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitDisabledReason={invalidReason ?? nothing}
      submitError={submitError}
      {...(props.elementToFocus === undefined ? {} : { elementToFocus: props.elementToFocus })}
      extraActions={
        conflict ? (
          <Button
            variant="secondary"
            isDisabled={isSubmitting}
            onClick={() => keepTheirs(conflict)}
          >
            {t('Keep theirs')}
          </Button>
        ) : null
      }
      onSubmit={() => void (conflict ? save(conflict.latest, conflict.merged) : save(base, mine))}
      onCancel={() => {
        props.onCancel?.();
        onClose();
      }}
    >
      {conflict ? (
        <Alert
          isInline
          isLiveRegion
          component="h2"
          variant="warning"
          title={t('Somebody else has changed the same')}
        >
          <VmConflictList conflicts={conflict.conflicts} />
        </Alert>
      ) : (
        props.children
      )}
      {changes.length > 0 && !conflict ? (
        <>
          <EffectNotice base={base} mine={mine} vmi={vmi} />
          <ExpandableSection toggleText={t('Show changes and command')}>
            <VmChangeList changes={changes} />
            <ClipboardCopy
              isReadOnly
              isCode
              variant="expansion"
              hoverTip={t('Copy')}
              clickTip={t('Copied')}
              textAriaLabel={t('Command')}
              toggleAriaLabel={t('Show the whole command')}
            >
              {patchCommand(base, mine)}
            </ClipboardCopy>
          </ExpandableSection>
        </>
      ) : null}
    </FormModal>
  );
}

interface EffectProps {
  base: V1VirtualMachine;
  mine: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
}

/** When the changes show in the guest. */
export function EffectNotice({ base, mine, vmi }: EffectProps) {
  const { t } = useTranslation('plugin__virtdeck');
  switch (effectOf(base, mine, vmi)) {
    case 'now':
      return null;
    case 'nextStart':
      return (
        <Alert
          isInline
          isPlain
          component="h2"
          variant="info"
          title={t('It counts from the next start on.')}
        />
      );
    case 'restart':
      return (
        <Alert
          isInline
          isPlain
          component="h2"
          variant="warning"
          title={t('The guest runs: it takes effect after a restart.')}
        />
      );
  }
}

/** The same change for a terminal. */
function patchCommand(base: V1VirtualMachine, mine: V1VirtualMachine): string {
  const { namespace = '', name = '' } = base.metadata ?? {};
  const patch = JSON.stringify(patchOf(base, mine)).replaceAll("'", String.raw`'\''`);
  return `kubectl patch virtualmachine ${name} --namespace ${namespace} --type json --patch '${patch}'`;
}
