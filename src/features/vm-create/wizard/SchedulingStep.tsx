import { useTranslation } from 'react-i18next';

import { useNodeRows } from '~/api/nodes';
import { priorityClasses } from '~/k8s/models';
import { evictionOptions, runStrategyOptions } from '~/kubevirt/settingOptions';
import { FieldGroup } from '~/ui/FieldGroup';
import { PairsField } from '~/ui/PairsField';

import { ChoiceField } from '~/ui/ChoiceField';
import { NamedChoice } from '../../forms/NamedChoice';
import { InstanceLabels, RulesField, TolerationsField } from './PlacementFields';
import type { StepProps } from './StepProps';

/** When it runs, where, and what happens when its node is emptied. */
export function SchedulingStep(props: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { draft, change, errorOf } = props;
  return (
    <>
      <ChoiceField
        id="vd-run-strategy"
        label={t('Run strategy')}
        value={draft.runStrategy}
        choices={runStrategyOptions.map(({ value, label }) => ({ value, label: t(label) }))}
        onChange={(runStrategy) => change({ runStrategy })}
      />
      <ChoiceField
        id="vd-eviction"
        label={t('When its node is emptied')}
        value={draft.evictionStrategy}
        choices={evictionOptions.map(({ value, label }) => ({ value, label: t(label) }))}
        onChange={(evictionStrategy) => change({ evictionStrategy })}
      />
      <InstanceLabels {...props} />
      <RulesField {...props} />
      <NodeSelector {...props} />
      <TolerationsField {...props} />
      <NamedChoice
        id="vd-priority"
        label={t('Priority class')}
        model={priorityClasses}
        namespace={undefined}
        none={t('The default')}
        value={draft.priorityClass}
        error={errorOf('priority')}
        onChange={(priorityClass) => change({ priorityClass })}
      />
    </>
  );
}

function NodeSelector({ draft, change }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const wanted = draft.nodeSelector.filter(([key]) => key !== '');
  const nodes = useNodeRows();
  const count = nodes?.filter(({ labels }) =>
    wanted.every(([key, value]) => labels[key] === value),
  ).length;
  return (
    <FieldGroup
      label={t('Only on nodes with these labels')}
      fieldId="vd-node-selector"
      help={
        count === undefined || wanted.length === 0
          ? undefined
          : t('{{count}} of {{all}} nodes have them.', { count, all: nodes?.length ?? 0 })
      }
      error={count === 0 && wanted.length > 0 ? t('No node has these labels.') : undefined}
    >
      <PairsField
        pairs={draft.nodeSelector}
        labels={{
          key: t('Key of label'),
          value: t('Value of label'),
          add: t('Add label'),
          remove: t('Remove label'),
        }}
        onChange={(nodeSelector) => change({ nodeSelector })}
      />
    </FieldGroup>
  );
}
