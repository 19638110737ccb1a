import { useTranslation } from 'react-i18next';

import { useWatchList } from '~/api/useWatch';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { nodes, priorityClasses } from '~/k8s/models';
import { evictionOptions, runStrategyOptions } from '~/kubevirt/settingOptions';
import { FieldGroup } from '~/ui/FieldGroup';
import { PairsField } from '~/ui/PairsField';

import { ChoiceField } from './ChoiceField';
import { NamedChoice } from './NamedChoice';
import type { StepProps } from './StepProps';

function labelsOf({ metadata }: KubernetesObject): Readonly<Record<string, string>> {
  return metadata?.labels ?? {};
}

/** When it runs, where, and what happens when its node is emptied. */
export function SchedulingStep({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
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
      <NodeSelector draft={draft} change={change} errorOf={errorOf} />
      <NamedChoice
        id="vd-priority"
        label={t('Priority class')}
        model={priorityClasses}
        namespace={undefined}
        none={t('The default')}
        value={draft.priorityClass}
        onChange={(priorityClass) => change({ priorityClass })}
      />
    </>
  );
}

function NodeSelector({ draft, change }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const watched = useWatchList({ model: nodes, namespace: undefined, toRow: labelsOf });
  const wanted = draft.nodeSelector.filter(([key]) => key !== '');
  const all = watched.state === 'ready' ? watched.data.rows : undefined;
  const count = all?.filter((labels) =>
    wanted.every(([key, value]) => labels[key] === value),
  ).length;
  return (
    <FieldGroup
      label={t('Only on nodes with these labels')}
      fieldId="vd-node-selector"
      help={
        count === undefined || wanted.length === 0
          ? undefined
          : t('{{count}} of {{all}} nodes have them.', { count, all: all?.length ?? 0 })
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
