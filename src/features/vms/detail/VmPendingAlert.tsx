import { Alert, AlertActionLink } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import type { Pending } from '~/kubevirt/vmEffect';

import type { VmActionItem } from '../actions/useVmActions';

interface Props {
  pending: readonly Pending[];
  restart: VmActionItem | undefined;
}

/** Changes that the running guest does not have yet, each as it is and as it will be. */
export function VmPendingAlert({ pending, restart }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  if (pending.length === 0) return null;
  return (
    <Alert
      isInline
      component="h2"
      variant="info"
      title={t('Changes take effect after a restart')}
      actionLinks={
        restart && restart.disabledReason === undefined ? (
          <AlertActionLink onClick={restart.run}>{restart.label}</AlertActionLink>
        ) : null
      }
    >
      <ul className="vd-pending">
        {pending.map(({ label, now, next }) => (
          <li key={label}>
            <strong>{t(label)}</strong>{' '}
            <span className="vd-server-text">
              {t('{{now}} → {{next}}', { now: now || '–', next: next || '–' })}
            </span>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
