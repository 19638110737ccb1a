import { Progress, ProgressMeasureLocation } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import type { TaskRow, TaskState } from '~/kubevirt/taskRow';
import { ToneLabel } from '~/ui/ToneLabel';

const TONES = {
  waiting: 'neutral',
  running: 'progress',
  succeeded: 'success',
  failed: 'danger',
  cancelled: 'neutral',
} as const satisfies Record<TaskState, string>;

export function StateLabel({ state }: { state: TaskState }) {
  const { t } = useTranslation('plugin__virtdeck');
  const texts: Record<TaskState, string> = {
    waiting: t('Waiting'),
    running: t('In progress'),
    succeeded: t('Succeeded'),
    failed: t('Failed'),
    cancelled: t('Cancelled'),
  };
  return <ToneLabel isPlain tone={TONES[state]} text={texts[state]} />;
}

/** How far something is that the cluster does: in percent where it says so, else its phase. */
export function TaskStateView({ task }: { task: TaskRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { name, state, phase, percent } = task;
  return percent === undefined ? (
    <ToneLabel isPlain tone={TONES[state]} text={phase} />
  ) : (
    <Progress
      aria-label={t('Progress of {{name}}', { name })}
      value={percent}
      label={`${Math.floor(percent)} %`}
      size="sm"
      measureLocation={ProgressMeasureLocation.outside}
    />
  );
}
