import { Button, Spinner, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import PowerOffIcon from '@patternfly/react-icons/dist/esm/icons/power-off-icon';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { vmFacts } from '~/kubevirt/vmFacts';
import { vmStatuses } from '~/kubevirt/vmStatus';
import { EmptyPage } from '~/ui/EmptyPage';

import type { VmTabProps } from './VmTab';
import './detail.css';

// A feature does not import another, but the console of a VM belongs on its page. Both are chunks
// of their own: they bring noVNC and xterm, which no other tab needs.
/* eslint-disable import-x/no-restricted-paths */
const VncConsole = lazy(() =>
  import('../../consoles/VncConsole').then((module) => ({ default: module.VncConsole })),
);
const SerialConsole = lazy(() =>
  import('../../consoles/SerialConsole').then((module) => ({ default: module.SerialConsole })),
);
/* eslint-enable import-x/no-restricted-paths */

/** Screen or serial line of the running guest. */
export function VmConsoleTab({ vm, vmi, actions }: VmTabProps) {
  const start = actions.find(({ id }) => id === 'start');
  const { t } = useTranslation('plugin__virtdeck');
  const [kind, setKind] = useState<'vnc' | 'serial'>('vnc');
  const { namespace, name, vmiPhase, status } = vmFacts(vm, vmi);
  if (vmiPhase !== 'Running') {
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
    <div className="vd-console">
      <ToggleGroup aria-label={t('Kind of console')}>
        <ToggleGroupItem
          text={t('Screen (VNC)')}
          isSelected={kind === 'vnc'}
          onChange={() => setKind('vnc')}
        />
        <ToggleGroupItem
          text={t('Serial')}
          isSelected={kind === 'serial'}
          onChange={() => setKind('serial')}
        />
      </ToggleGroup>
      <Suspense fallback={<Spinner aria-label={t('Loading the console')} />}>
        {kind === 'vnc' ? (
          <VncConsole namespace={namespace} name={name} />
        ) : (
          <SerialConsole namespace={namespace} name={name} />
        )}
      </Suspense>
    </div>
  );
}
