import { useTranslation } from 'react-i18next';

import { useNodeRows } from '~/api/nodes';
import { hasLabels, taintsOf, taintText } from '~/kubevirt/create/nodeOffer';
import {
  type DraftRule,
  effects,
  newRule,
  places,
  tolerationOf,
  tolerates,
} from '~/kubevirt/create/placement';
import { FieldGroup } from '~/ui/FieldGroup';
import { PairsField } from '~/ui/PairsField';

import { ChoiceField } from '~/ui/ChoiceField';
import { RowsField } from './RowsField';
import type { StepProps } from './StepProps';
import { TextField } from '~/ui/TextField';

function usePairLabels() {
  const { t } = useTranslation('plugin__virtdeck');
  return {
    key: t('Key of label'),
    value: t('Value of label'),
    add: t('Add label'),
    remove: t('Remove label'),
  };
}

/** Labels by which rules of placement find the instances. */
export function InstanceLabels({ draft, change }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const labels = usePairLabels();
  return (
    <FieldGroup
      label={t('Labels of its instances')}
      fieldId="vd-instance-labels"
      role="group"
      help={t('Rules of other virtual machines, services and network policies find it by them.')}
      error={undefined}
    >
      <PairsField
        pairs={draft.instanceLabels}
        labels={labels}
        onChange={(instanceLabels) => change({ instanceLabels })}
      />
    </FieldGroup>
  );
}

/** Wishes of where it runs, each a sentence. */
export function RulesField({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const adders = [
    { label: t('Keep apart from …'), row: newRule },
    { label: t('Run together with …'), row: { ...newRule, kind: 'together' as const } },
    { label: t('Run on nodes with …'), row: { ...newRule, kind: 'nodes' as const } },
  ];
  return (
    <RowsField
      id="vd-rules"
      label={t('Placement rules')}
      rows={draft.rules}
      nameOf={(_rule, index) => t('Rule {{number}}', { number: index + 1 })}
      render={(rule, onChange, index) => (
        <RuleFields
          id={`vd-rule-${index}`}
          rule={rule}
          error={errorOf(`rule-${index}`)}
          onChange={onChange}
        />
      )}
      adders={adders}
      onChange={(rules) => change({ rules })}
    />
  );
}

interface RuleProps {
  id: string;
  rule: DraftRule;
  error: string | undefined;
  onChange: (rule: DraftRule) => void;
}

function RuleFields({ id, rule, error, onChange }: RuleProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const pairLabels = usePairLabels();
  const nodes = useNodeRows();
  const { kind, labels, place } = rule;
  const isNodes = kind === 'nodes';
  const wanted = labels.filter(([key]) => key !== '');
  const found =
    isNodes && nodes && wanted.length > 0
      ? nodes.filter((node) => hasLabels(node, wanted)).length
      : undefined;
  const placeTexts: Readonly<Record<string, string>> = {
    [places[0]]: t('on the same node'),
    [places[1]]: t('in the same zone'),
  };
  return (
    <>
      <ChoiceField
        id={`${id}-kind`}
        label={t('It is to')}
        value={kind}
        choices={[
          { value: 'apart', label: t('keep apart from virtual machines with') },
          { value: 'together', label: t('run together with virtual machines with') },
          { value: 'nodes', label: t('run on nodes with') },
        ]}
        onChange={(next) => onChange({ ...rule, kind: next })}
      />
      <FieldGroup
        label={t('these labels')}
        fieldId={`${id}-labels`}
        role="group"
        help={
          found === undefined
            ? t('Without a value: any.')
            : t('{{count}} of {{all}} nodes have them.', { count: found, all: nodes?.length ?? 0 })
        }
        error={error}
      >
        <PairsField
          pairs={labels}
          labels={pairLabels}
          onChange={(next) => onChange({ ...rule, labels: next })}
        />
      </FieldGroup>
      <ChoiceField
        id={`${id}-strict`}
        label={t('and this')}
        value={rule.isRequired ? 'must' : 'may'}
        choices={[
          { value: 'must', label: t('always: else it does not start') },
          { value: 'may', label: t('where it can be') },
        ]}
        onChange={(strict) => onChange({ ...rule, isRequired: strict === 'must' })}
      />
      {isNodes ? null : (
        <ChoiceField
          id={`${id}-place`}
          label={t('Together means')}
          value={place}
          choices={[...new Set([...places, place])].map((value) => ({
            value,
            label: placeTexts[value] ?? value,
          }))}
          onChange={(next) => onChange({ ...rule, place: next })}
        />
      )}
    </>
  );
}

/** Taints of nodes that keep others away and that it puts up with. */
export function TolerationsField({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const nodes = useNodeRows();
  const { tolerations } = draft;
  const free = taintsOf(nodes ?? []).filter(
    (taint) => !tolerations.some((one) => tolerates(one, taint)),
  );
  return (
    <RowsField
      id="vd-tolerations"
      label={t('Tolerations')}
      help={t('Taints of nodes that it puts up with.')}
      rows={tolerations}
      nameOf={({ key, value, effect }, index) =>
        t('Toleration {{name}}', { name: taintText({ key, value, effect }) || index + 1 })
      }
      render={(one, set, index) => (
        <>
          <TextField
            id={`vd-toleration-${index}-key`}
            label={t('Key of taint')}
            value={one.key}
            placeholder={t('Any')}
            error={errorOf(`toleration-${index}`)}
            onChange={(key) => set({ ...one, key: key.trim() })}
          />
          <TextField
            id={`vd-toleration-${index}-value`}
            label={t('Value of taint')}
            value={one.value}
            placeholder={t('Any')}
            onChange={(value) => set({ ...one, value: value.trim() })}
          />
          <ChoiceField
            id={`vd-toleration-${index}-effect`}
            label={t('Effect')}
            value={one.effect}
            choices={[
              { value: '', label: t('Any') },
              ...effects.map((value) => ({ value, label: value })),
            ]}
            onChange={(effect) => set({ ...one, effect })}
          />
        </>
      )}
      adders={[
        ...free.map(tolerationOf).map((row) => ({ label: taintText(row), row })),
        { label: t('Another taint'), row: { key: '', value: '', effect: '' as const } },
      ]}
      onChange={(next) => change({ tolerations: next })}
    />
  );
}
