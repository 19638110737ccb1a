import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import { useTranslation } from 'react-i18next';

import { formatBytes } from '~/k8s/quantity';
import type { DraftTime, QuotaUse } from '~/kubevirt/create/draftCost';
import { amountText } from '~/kubevirt/create/draftWarnings';

/** What is used, what comes to it, and the bound, resource by resource. */
export function QuotaUses({ uses }: { uses: readonly QuotaUse[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  const names: Readonly<Record<string, string>> = {
    cpu: t('CPU'),
    memory: t('Memory'),
    'limits.cpu': t('CPU limit'),
    'limits.memory': t('Memory limit'),
    storage: t('Storage'),
    pods: t('Pods'),
    persistentvolumeclaims: t('Volumes'),
    services: t('Services'),
    secrets: t('Secrets'),
    'virtualmachines.kubevirt.io': t('Virtual machines'),
  };
  return (
    <ul className="vd-quota-uses">
      {uses.map(({ quota, resource, used, added, hard, isOver }) => (
        <li key={`${quota} ${resource}`}>
          {isOver ? (
            <span className="vd-tone-warning">
              <ExclamationTriangleIcon className="vd-tone-icon" />
            </span>
          ) : null}
          <span className="vd-quota-use">
            <span>{names[resource] ?? resource}</span>{' '}
            <span>
              {t('{{used}} + {{added}} of {{hard}}', {
                used: amountText(resource, used),
                added: amountText(resource, added),
                hard: amountText(resource, hard),
              })}
            </span>
            {isOver ? <span className="vd-visually-hidden">{t('too much')}</span> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** How long it takes until it can start, in words that say what it depends on. */
export function useTimeText(): (time: DraftTime) => string {
  const { t } = useTranslation('plugin__virtdeck');
  return (time) => {
    switch (time.kind) {
      case 'seconds':
        return t('In seconds: nothing is to be copied.');
      case 'copy':
        return t('In about {{minutes}} min: {{size}} are copied, at 100 MB a second.', {
          minutes: Math.max(1, Math.round(time.seconds / 60)),
          size: formatBytes(time.bytes),
        });
      case 'download':
        return t('After the download, of {{size}} at most.', { size: formatBytes(time.bytes) });
      case 'unknown':
        return t('After {{size}} are cloned, which some storage does at once.', {
          size: formatBytes(time.bytes),
        });
    }
  };
}
