import { Table, Tbody, Th, Thead, Tr } from '@patternfly/react-table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useWatchLists } from '~/api/useWatch';
import type { Job } from '~/k8s/Jobs';
import { rowsOf } from '~/k8s/Watched';
import { joinTasks } from '~/kubevirt/joinTasks';
import { recentTasks } from '~/kubevirt/taskRow';

import { AskedTaskRow } from './AskedTaskRow';
import { ClusterTaskRow } from './ClusterTaskRow';
import { taskSources } from './taskSources';

interface Props {
  namespace: string | undefined;
  jobs: readonly Job[];
}

/** Requests of this page first, as they are the user's own; then what the cluster says by itself. */
export function TasksTable({ namespace, jobs }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const sources = useMemo(() => taskSources(namespace), [namespace]);
  const watched = useWatchLists(sources);
  const rows = rowsOf(watched);
  const { asked, tasks } = useMemo(() => {
    const joined = joinTasks(jobs, rows ?? []);
    return { asked: joined.asked, tasks: recentTasks(joined.others, Date.now()) };
  }, [jobs, rows]);
  if (asked.length === 0 && tasks.length === 0) {
    return <p className="vd-subtle">{t('Nothing was done within the last hour.')}</p>;
  }
  return (
    <Table aria-label={t('Recent tasks')} variant="compact" borders>
      <Thead>
        <Tr>
          <Th>{t('Task')}</Th>
          <Th>{t('On')}</Th>
          <Th width={30}>{t('State')}</Th>
          <Th>{t('Since')}</Th>
          <Th screenReaderText={t('Actions')} />
        </Tr>
      </Thead>
      <Tbody>
        {asked.map((task) => (
          <AskedTaskRow key={task.job.id} task={task} />
        ))}
        {tasks.map((task) => (
          <ClusterTaskRow key={task.key} task={task} />
        ))}
      </Tbody>
    </Table>
  );
}
