import { Button, Spinner } from '@patternfly/react-core';
import PowerOffIcon from '@patternfly/react-icons/dist/esm/icons/power-off-icon';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { vmFacts } from '~/kubevirt/vmFacts';
import { vmStatuses } from '~/kubevirt/vmStatus';
import { EmptyPage } from '~/ui/EmptyPage';

import type { VmTabProps } from './VmTab';
import './detail.css';

// A feature does not import another, but the console of a VM belongs on its page.
const VmConsole = lazy(() =>
  // eslint-disable-next-line import-x/no-restricted-paths -- a chunk of its own
  import('../../consoles/VmConsole').then((module) => ({ default: module.VmConsole })),
);

/** Screen or serial line of the running guest. */
export function VmConsoleTab({ vm, vmi, actions }: VmTabProps) {
  const start = actions.find(({ id }) => id === 'start');
  const { t } = useTranslation('plugin__virtdeck');
  const [wasRunning, setWasRunning] = useState(false);
  const { namespace, name, vmiPhase, status } = vmFacts(vm, vmi);
  const isRunning = vmiPhase === 'Running';
  if (isRunning && !wasRunning) setWasRunning(true);
  // Once it was shown it stays, and comes back by itself after a restart.
  if (!isRunning && !wasRunning) {
    const { label } = vmStatuses[status];
    return (
      <EmptyPage
        icon={PowerOffIcon}
        title={t('{{name}} is not running', { name })}
        body={t('Its status is: {{status}}. The console opens as soon as it runs.', {
          status: t(label),
        })}
        action={
          start && start.disabledReason === undefined ? (
            <Button onClick={start.run}>{start.label}</Button>
          ) : null
        }
        moreActions={
          start !== undefined && start.disabledReason !== undefined ? (
            <span className="vd-hint">{start.disabledReason}</span>
          ) : null
        }
      />
    );
  }
  return (
    <Suspense fallback={<Spinner aria-label={t('Loading the console')} />}>
      <VmConsole namespace={namespace} name={name} />
    </Suspense>
  );
}
