import PauseCircleIcon from '@patternfly/react-icons/dist/esm/icons/pause-circle-icon';
import PowerOffIcon from '@patternfly/react-icons/dist/esm/icons/power-off-icon';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';

import { type VmStatus, vmStatuses } from '~/kubevirt/vmStatus';
import { ToneLabel } from '~/ui/ToneLabel';

import type { VmRef } from '~/api/vms';
import { Link, vmHref } from '~/console/navigation';
import type { Why } from '~/kubevirt/why/vmWhy';

const ICONS: Partial<Record<VmStatus, ComponentType>> = {
  Stopped: PowerOffIcon,
  Paused: PauseCircleIcon,
};

interface Props {
  status: VmStatus;
  problem: Why | undefined;
  /** Whose status it is, where its page is to be linked to. */
  vm?: VmRef;
  /** Without a frame, for tables. */
  isPlain?: boolean;
}

/** Status of a VM; with a problem, a button that tells it. */
export function VmStatusLabel({ status, problem, vm, isPlain }: Props) {
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
          title: t(problem.sentence, problem.values),
          body: [problem.message, t(problem.advice, problem.values)].filter(Boolean).join('\n\n'),
          closeLabel: t('Close'),
          ...(vm && { action: <FixLink vm={vm} why={problem} /> }),
        }
      }
    />
  );
}

/** Leads to where it is mended; what is done by an action is found on the VM's page. */
function FixLink({ vm, why }: { vm: VmRef; why: Why }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { fix } = why;
  return fix.kind === 'tab' ? (
    <Link to={vmHref(vm, fix.tab)}>{t(fix.label)}</Link>
  ) : (
    <Link to={vmHref(vm)}>{t('Show details')}</Link>
  );
}
