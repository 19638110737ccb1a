import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import { useTranslation } from 'react-i18next';

import { formatBytes } from '~/k8s/quantity';
import type { QuotaUse } from '~/kubevirt/create/draftCost';
import type { DraftTime } from '~/kubevirt/create/draftTime';
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
  const span = (seconds: number) =>
    seconds < 60
      ? t('less than a minute')
      : t('{{count}} minutes', { count: Math.round(seconds / 60) });
  return (time) => {
    switch (time.kind) {
      case 'seconds':
        return t('In seconds: nothing is to be copied.');
      case 'upload':
        return time.seconds === undefined
          ? t('After the upload, of which {{size}} are left.', { size: formatBytes(time.bytes) })
          : t('After the upload, of which {{size}} and about {{time}} are left.', {
              ...{ size: formatBytes(time.bytes), time: span(time.seconds) },
            });
      case 'unknown':
        return t('After {{size}} are cloned, which some storage does at once.', {
          size: formatBytes(time.bytes),
        });
      case 'copy':
      case 'download': {
        const { bytes, measured } = time;
        const size = formatBytes(bytes);
        const what =
          time.kind === 'copy'
            ? t('After {{size}} are copied.', { size })
            : t('After the download, of {{size}} at most.', { size });
        const howLong =
          measured === undefined
            ? t('How long that takes is not known yet in this project.')
            : t('About {{time}}, by {{count}} disks that were filled so before.', {
                count: measured.disks,
                time: span(measured.seconds),
              });
        return `${what} ${howLong}`;
      }
    }
  };
}
