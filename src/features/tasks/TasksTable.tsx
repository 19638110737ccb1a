import { Button, Progress, ProgressMeasureLocation } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { jobs as allJobs } from '~/api/jobs';
import { useWatchLists } from '~/api/useWatch';
import { vmDo, vmTask } from '~/api/vms';
import { Link, vmHref } from '~/console/navigation';
import { Timestamp } from '~/console/Timestamp';
import { toFailure } from '~/k8s/errors';
import type { Job } from '~/k8s/Jobs';
import { recentTasks, type TaskRow, type TaskState } from '~/kubevirt/taskRow';
import { CommandView } from '~/ui/CommandView';
import { toastAdd } from '~/ui/toasts';
import { ToneLabel } from '~/ui/ToneLabel';

import { taskSources } from './taskSources';

interface Props {
  namespace: string | undefined;
  jobs: readonly Job[];
}

const TONES = {
  waiting: 'neutral',
  running: 'progress',
  succeeded: 'success',
  failed: 'danger',
  cancelled: 'neutral',
} as const satisfies Record<TaskState, string>;

/** Requests of this page first, as they are the user's own; then what the cluster says by itself. */
export function TasksTable({ namespace, jobs }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const sources = useMemo(() => taskSources(namespace), [namespace]);
  const watched = useWatchLists(sources);
  const rows = watched.state === 'ready' ? watched.data.rows : undefined;
  const tasks = useMemo(() => recentTasks(rows ?? [], Date.now()), [rows]);
  if (jobs.length === 0 && tasks.length === 0) {
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
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
        {tasks.map((task) => (
          <ClusterRow key={task.key} task={task} />
        ))}
      </Tbody>
    </Table>
  );
}

function jobState({ items, endedAt }: Job): TaskState {
  if (endedAt === undefined) return 'running';
  if (items.some(({ state }) => state === 'failed')) return 'failed';
  return items.some(({ state }) => state === 'cancelled') ? 'cancelled' : 'succeeded';
}

function JobRow({ job }: { job: Job }) {
  const { t } = useTranslation('plugin__virtdeck');
  const { items } = job;
  const state = jobState(job);
  const ended = items.filter((one) => one.state !== 'waiting' && one.state !== 'running').length;
  const failed = items.filter((one) => one.state === 'failed');
  const [only] = items;
  return (
    <Tr>
      <Td dataLabel={t('Task')}>{job.title}</Td>
      <Td dataLabel={t('On')} modifier="breakWord">
        {only && items.length === 1 ? (
          <Link to={vmHref(only)}>{only.name}</Link>
        ) : (
          t('{{count}} virtual machines', { count: items.length })
        )}
      </Td>
      <Td dataLabel={t('State')}>
        {state === 'running' && items.length > 1 ? (
          <Progress
            aria-label={job.title}
            value={(100 * ended) / items.length}
            label={t('{{done}} of {{total}}', { done: ended, total: items.length })}
            size="sm"
            measureLocation={ProgressMeasureLocation.outside}
          />
        ) : (
          <StateLabel state={state} />
        )}
        {failed.map(({ key, name, failure }) => (
          <div key={key} className="vd-hint vd-server-text">
            {name}: {failure ? failure.detail : ''}
          </div>
        ))}
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
        {items.some((one) => one.state === 'waiting') ? (
          <Button variant="link" isInline onClick={() => allJobs.cancel(job.id)}>
            {t('Cancel the rest')}
          </Button>
        ) : null}
        {failed.length > 0 && state !== 'running' ? (
          <Button variant="link" isInline onClick={() => void allJobs.retry(job.id)}>
            {t('Retry failed')}
          </Button>
        ) : null}
      </Td>
    </Tr>
  );
}

function StateLabel({ state }: { state: TaskState }) {
  const { t } = useTranslation('plugin__virtdeck');
  const texts: Record<TaskState, string> = {
    waiting: t('Waiting'),
    running: t('In progress'),
    succeeded: t('Succeeded'),
    failed: t('Failed'),
    cancelled: t('Cancelled'),
  };
  return <ToneLabel isPlain tone={TONES[state]} text={texts[state]} />;
}

function ClusterRow({ task }: { task: TaskRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  const [isCancelling, setCancelling] = useState(false);
  const { kind, name, namespace, target, state, phase, percent, detail } = task;
  const titles = {
    VirtualMachineInstanceMigration: t('Live migration'),
    DataVolume: t('Make a disk'),
    VirtualMachineSnapshot: t('Snapshot'),
    VirtualMachineRestore: t('Restore a snapshot'),
    VirtualMachineClone: t('Clone'),
    VirtualMachineExport: t('Export'),
  };
  const cancel = async () => {
    setCancelling(true);
    const operation = { action: 'cancelMigration', migration: name } as const;
    try {
      await vmDo(t('Cancel migration'), vmTask({ namespace, name: target }, operation));
    } catch (error) {
      setCancelling(false);
      const title = t('The migration of {{name}} could not be cancelled', { name: target });
      toastAdd({ tone: 'danger', title, detail: toFailure(error).detail });
    }
  };
  const isMigration = kind === 'VirtualMachineInstanceMigration';
  return (
    <Tr>
      <Td dataLabel={t('Task')}>{titles[kind]}</Td>
      <Td dataLabel={t('On')} modifier="breakWord">
        {kind !== 'DataVolume' ? (
          <Link to={vmHref({ namespace, name: target })}>{target}</Link>
        ) : (
          target
        )}
      </Td>
      <Td dataLabel={t('State')}>
        {percent === undefined ? (
          <ToneLabel isPlain tone={TONES[state]} text={phase} />
        ) : (
          <Progress
            aria-label={t('Progress of {{name}}', { name })}
            value={percent}
            label={`${Math.floor(percent)} %`}
            size="sm"
            measureLocation={ProgressMeasureLocation.outside}
          />
        )}
        {detail === '' ? null : <div className="vd-hint vd-server-text">{detail}</div>}
      </Td>
      <Td dataLabel={t('Since')} modifier="nowrap">
        <Timestamp timestamp={task.startedAt} simple />
      </Td>
      <Td isActionCell>
        {isMigration && (state === 'running' || state === 'waiting') ? (
          <Button variant="link" isInline isDisabled={isCancelling} onClick={() => void cancel()}>
            {t('Cancel')}
          </Button>
        ) : null}
      </Td>
    </Tr>
  );
}
