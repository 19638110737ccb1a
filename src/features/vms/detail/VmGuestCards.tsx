import { Progress } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useGuestLists } from '~/api/guestLists';
import type { VmRef } from '~/api/vms';
import { Timestamp } from '~/console/Timestamp';
import { formatBytes } from '~/k8s/quantity';
import { CardTable } from '~/ui/CardTable';

/** Who is logged in to the guest, and how full its file systems are, as its agent tells. */
export function VmGuestCards({ vm, hasAgent }: { vm: VmRef; hasAgent: boolean }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { users, fileSystems } = useGuestLists(vm, hasAgent);
  if (!hasAgent) return null;
  return (
    <>
      <CardTable
        id="vd-filesystems"
        title={t('File systems')}
        emptyText={t('The guest agent tells of none.')}
        rows={fileSystems}
        rowKey={({ disk, mountPoint }) => `${disk} ${mountPoint}`}
        columns={[
          { title: t('Mount point'), cell: ({ mountPoint }) => mountPoint },
          { title: t('Type'), isShort: true, cell: ({ type }) => type },
          { title: t('Disk'), isShort: true, cell: ({ disk }) => disk },
          {
            title: t('Used'),
            cell: ({ mountPoint, usedBytes, totalBytes }) => (
              <Progress
                size="sm"
                aria-label={t('Used of {{name}}', { name: mountPoint })}
                value={totalBytes === 0 ? 0 : (100 * usedBytes) / totalBytes}
                title={t('{{used}} of {{total}}', {
                  used: formatBytes(usedBytes),
                  total: formatBytes(totalBytes),
                })}
                {...(usedBytes > 0.9 * totalBytes ? { variant: 'warning' as const } : {})}
              />
            ),
          },
        ]}
      />
      <CardTable
        id="vd-users"
        title={t('Users that are logged in')}
        emptyText={t('Nobody is logged in.')}
        rows={users}
        rowKey={({ name, domain, since }) => `${domain} ${name} ${since}`}
        columns={[
          {
            title: t('User'),
            cell: ({ name, domain }) => (domain === '' ? name : `${domain}\\${name}`),
          },
          {
            title: t('Since'),
            cell: ({ since }) =>
              since === 0 ? '' : <Timestamp timestamp={new Date(since).toISOString()} />,
          },
        ]}
      />
    </>
  );
}
