import { Td, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';

import { Link, vmHref } from '~/console/navigation';
import { Timestamp } from '~/console/Timestamp';
import type { TaskRow } from '~/kubevirt/taskRow';

import { TaskStateView } from './TaskStateView';
import { TaskTools } from './TaskTools';
import { useTaskTitles } from './useTaskTitles';

/** What the cluster does, or what somebody asked of it elsewhere. */
export function ClusterTaskRow({ task }: { task: TaskRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  const titles = useTaskTitles();
  const { kind, namespace, target, detail } = task;
  return (
    <Tr>
      <Td dataLabel={t('Task')}>{titles[kind]}</Td>
      <Td dataLabel={t('On')} modifier="breakWord">
        {kind === 'DataVolume' ? (
          target
        ) : (
          <Link to={vmHref({ namespace, name: target })}>{target}</Link>
        )}
      </Td>
      <Td dataLabel={t('State')}>
        <TaskStateView task={task} />
        {detail === '' ? null : <div className="vd-hint vd-server-text">{detail}</div>}
      </Td>
      <Td dataLabel={t('Since')} modifier="nowrap">
        <Timestamp timestamp={task.startedAt} simple />
      </Td>
      <Td isActionCell>
        <TaskTools task={task} />
      </Td>
    </Tr>
  );
}
