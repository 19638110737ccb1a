import PauseCircleIcon from '@patternfly/react-icons/dist/esm/icons/pause-circle-icon';
import PowerOffIcon from '@patternfly/react-icons/dist/esm/icons/power-off-icon';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';

import { type VmStatus, vmStatuses } from '~/kubevirt/vmStatus';
import { ToneLabel } from '~/ui/ToneLabel';

import { problemAdvice } from './problemAdvice';
import type { VmProblem } from '~/kubevirt/vmProblem';

const ICONS: Partial<Record<VmStatus, ComponentType>> = {
  Stopped: PowerOffIcon,
  Paused: PauseCircleIcon,
};

interface Props {
  status: VmStatus;
  problem: VmProblem | undefined;
  /** Without a frame, for tables. */
  isPlain?: boolean;
}

/** Status of a VM; with a problem, a button that tells it. */
export function VmStatusLabel({ status, problem, isPlain }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { label, tone } = vmStatuses[status];
  // A VM may look healthy while the cluster fails to do what was asked for.
  const shownTone = problem && tone !== 'danger' ? 'warning' : tone;
  return (
    <ToneLabel
      tone={shownTone}
      text={t(label)}
      icon={problem ? undefined : ICONS[status]}
      isPlain={isPlain === true}
      explanation={
        problem && {
          title: problem.reason,
          body: [problem.message, problemAdvice(t, problem.kind)].filter(Boolean).join('\n\n'),
          closeLabel: t('Close'),
        }
      }
    />
  );
}
