import { Button, Progress, ProgressMeasureLocation } from '@patternfly/react-core';
import { Td, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';

import { jobs } from '~/api/jobs';
import { Link, vmHref } from '~/console/navigation';
import { Timestamp } from '~/console/Timestamp';
import type { JobTask, TaskItem } from '~/kubevirt/joinTasks';
import { CommandView } from '~/ui/CommandView';

import { StateLabel, TaskStateView } from './TaskStateView';
import { TaskTools } from './TaskTools';

/** A job of thousands may fail for each of them, mostly for the same reason. */
const shownTroubles = 20;

/** What was asked for on this page, with what came of it. */
export function AskedTaskRow({ task }: { task: JobTask }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { job, items, state } = task;
  const [only] = items;
  const one = items.length === 1 ? only : undefined;
  const failed = items.filter((each) => each.state === 'failed');
  const refused = items.some(({ item }) => item.state === 'failed');
  return (
    <Tr>
      <Td dataLabel={t('Task')}>{job.title}</Td>
      <Td dataLabel={t('On')} modifier="breakWord">
        {one ? (
          <Link to={vmHref(one.item)}>{one.item.name}</Link>
        ) : (
          t('{{count, number}} virtual machines', { count: items.length })
        )}
      </Td>
      <Td dataLabel={t('State')}>
        <AskedState task={task} />
        {failed.slice(0, shownTroubles).map((each) => (
          <Trouble key={each.item.key} of={each} />
        ))}
        {failed.length > shownTroubles ? (
          <div className="vd-hint">
            {t('and {{count}} more', { count: failed.length - shownTroubles })}
          </div>
        ) : null}
        {job.command === '' ? null : (
          <CommandView
            label={t('Show the command')}
            copyLabel={t('Copy')}
            copiedLabel={t('Copied')}
            command={job.command}
          />
        )}
      </Td>
      <Td dataLabel={t('Since')} modifier="nowrap">
        <Timestamp timestamp={new Date(job.startedAt).toISOString()} simple />
      </Td>
      <Td isActionCell>
        {one && one.made ? <TaskTools task={one.made} /> : null}
        {job.items.some((item) => item.state === 'waiting') ? (
          <Button variant="link" isInline onClick={() => jobs.cancel(job.id)}>
            {t('Cancel the rest')}
          </Button>
        ) : null}
        {refused && state !== 'running' ? (
          <Button variant="link" isInline onClick={() => void jobs.retry(job.id)}>
            {t('Retry failed')}
          </Button>
        ) : null}
      </Td>
    </Tr>
  );
}

function AskedState({ task: { job, items, state } }: { task: JobTask }) {
  const { t } = useTranslation('plugin__virtdeck');
  const [only] = items;
  if (items.length === 1 && only && only.made) return <TaskStateView task={only.made} />;
  if (state !== 'running' || items.length === 1) return <StateLabel state={state} />;
  const ended = items.filter((one) => one.state !== 'waiting' && one.state !== 'running').length;
  return (
    <Progress
      aria-label={job.title}
      value={(100 * ended) / items.length}
      label={t('{{done}} of {{total}}', { done: ended, total: items.length })}
      size="sm"
      measureLocation={ProgressMeasureLocation.outside}
    />
  );
}

/** Why one of them failed: its request, or what came of it. One alone says so by its state. */
function Trouble({ of: { item, made } }: { of: TaskItem }) {
  const detail = item.failure ? item.failure.detail : made ? made.detail : '';
  return (
    <div className="vd-hint vd-server-text">
      {item.name}: {detail}
    </div>
  );
}
