import { FormGroup, Label, LabelGroup, Radio, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { parsePairs } from '~/k8s/pairs';
import { labelCounts, type PairsChange, type VmChange } from '~/kubevirt/vmChange';
import { FormModal } from '~/ui/FormModal';

import { ChangedCount, type ChangeProps, useChange } from './EditDialogs';
import { ChangeCommand } from './OperationCommand';
import { RefusalsAlert } from './useRefusal';

/** Labels that are offered to be taken away; more can be typed. */
const mostLabels = 30;

function keysOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((key) => key !== '');
}

function isNothing({ set, remove }: PairsChange): boolean {
  return Object.keys(set).length === 0 && remove.length === 0;
}

/** Sets and takes away labels and annotations of many VMs; all others stay as each VM has them. */
export function BulkMetadataDialog(props: ChangeProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { vms } = props;
  const [labels, setLabels] = useState('');
  const [gone, setGone] = useState('');
  const [annotations, setAnnotations] = useState('');
  const [goneAnnotations, setGoneAnnotations] = useState('');
  const title = t('Edit labels and annotations');
  const change = {
    kind: 'metadata',
    labels: { set: parsePairs(labels), remove: keysOf(gone) },
    annotations: { set: parsePairs(annotations), remove: keysOf(goneAnnotations) },
  } as const satisfies VmChange;
  const { isSubmitting, submitError, submit, refusals, call } = useChange(props, title, change);
  const isEmpty = isNothing(change.labels) && isNothing(change.annotations);
  return (
    <FormModal
      title={title}
      description={t('For {{count}} virtual machines. What is not named here stays as it is.', {
        count: vms.length,
      })}
      submitLabel={t('Save')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={isEmpty ? t('Nothing is changed yet.') : undefined}
      onSubmit={submit}
      onCancel={props.onClose}
    >
      <RefusalsAlert refusals={refusals} of={vms.length} />
      <PairsArea
        id="vd-bulk-labels"
        label={t('Set labels')}
        hint={t('One a line, as key=value.')}
        value={labels}
        onChange={setLabels}
      />
      <PairsArea
        id="vd-bulk-labels-gone"
        label={t('Remove labels')}
        hint={t('Keys, one a line.')}
        value={gone}
        onChange={setGone}
      />
      <LabelGroup categoryName={t('They have')} numLabels={mostLabels}>
        {labelCounts(vms)
          .slice(0, mostLabels)
          .filter(({ label }) => !change.labels.remove.includes(label.split('=')[0] ?? ''))
          .map(({ label, count }) => (
            <Label
              key={label}
              variant="outline"
              closeBtnAriaLabel={t('Remove {{label}}', { label })}
              onClose={() => setGone([...keysOf(gone), label.split('=')[0] ?? ''].join('\n'))}
            >
              {`${label} · ${count}`}
            </Label>
          ))}
      </LabelGroup>
      <PairsArea
        id="vd-bulk-annotations"
        label={t('Set annotations')}
        hint={t('One a line, as key=value.')}
        value={annotations}
        onChange={setAnnotations}
      />
      <PairsArea
        id="vd-bulk-annotations-gone"
        label={t('Remove annotations')}
        hint={t('Keys, one a line.')}
        value={goneAnnotations}
        onChange={setGoneAnnotations}
      />
      <ChangeCommand vms={vms} change={change} call={call} />
    </FormModal>
  );
}

interface AreaProps {
  id: string;
  label: string;
  hint: string;
  value: string;
  onChange: (text: string) => void;
}

function PairsArea({ id, label, hint, value, onChange }: AreaProps) {
  return (
    <FormGroup label={label} fieldId={id}>
      <TextArea
        id={id}
        className="vd-code"
        value={value}
        rows={2}
        resizeOrientation="vertical"
        aria-describedby={`${id}-hint`}
        onChange={(_event, text) => onChange(text)}
      />
      <div id={`${id}-hint`} className="vd-hint">
        {hint}
      </div>
    </FormGroup>
  );
}

/** Switches deletion protection of many VMs. */
export function ProtectionDialog(props: ChangeProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { vms } = props;
  const [isProtected, setProtected] = useState(!vms.every((vm) => vm.isProtected));
  const title = t('Deletion protection');
  const change: VmChange = { kind: 'protection', isProtected };
  const { isSubmitting, submitError, submit, refusals, call } = useChange(props, title, change);
  const others = vms.filter((vm) => vm.isProtected !== isProtected).length;
  return (
    <FormModal
      size="small"
      title={title}
      submitLabel={t('Save')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitError={submitError}
      submitDisabledReason={others === 0 ? t('Nothing is changed yet.') : undefined}
      onSubmit={submit}
      onCancel={props.onClose}
    >
      <RefusalsAlert refusals={refusals} of={vms.length} />
      <FormGroup role="radiogroup" isStack fieldId="vd-protection" label={title}>
        <Radio
          id="vd-protection-on"
          name="vd-protection"
          label={t('On: the cluster refuses to delete them')}
          isChecked={isProtected}
          onChange={() => setProtected(true)}
        />
        <Radio
          id="vd-protection-off"
          name="vd-protection"
          label={t('Off')}
          isChecked={!isProtected}
          onChange={() => setProtected(false)}
        />
      </FormGroup>
      <ChangedCount vms={vms} count={others} />
      <ChangeCommand vms={vms} change={change} call={call} />
    </FormModal>
  );
}
