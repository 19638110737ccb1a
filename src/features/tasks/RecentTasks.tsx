import { Button, Spinner } from '@patternfly/react-core';
import AngleDownIcon from '@patternfly/react-icons/dist/esm/icons/angle-down-icon';
import AngleUpIcon from '@patternfly/react-icons/dist/esm/icons/angle-up-icon';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { useJobs } from '~/api/jobs';
import { useStored } from '~/ui/stored';

import { UploadCounts } from './UploadCounts';

import './tasks.css';

// What it watches, and the table, are needed once it is open.
const TasksTable = lazy(() =>
  import('./TasksTable').then((module) => ({ default: module.TasksTable })),
);

function parseOpen(json: unknown): boolean {
  return json === true;
}

const UploadList = lazy(() =>
  import('./UploadList').then((module) => ({ default: module.UploadList })),
);

/** A bar at the end of the page that opens: what was asked for here, and what the cluster does. */
export function RecentTasks({ namespace }: { namespace: string | undefined }) {
  const { t } = useTranslation('plugin__virtdeck');
  const [isOpen, setOpen] = useStored('virtdeck.tasks.open', parseOpen);
  const jobs = useJobs();
  const running = jobs.filter(({ endedAt }) => endedAt === undefined).length;
  const failed = jobs.filter(({ items }) => items.some(({ state }) => state === 'failed')).length;
  return (
    <section className="vd-tasks" aria-label={t('Recent tasks')} data-vd-footer>
      <Button
        variant="plain"
        className="vd-tasks-bar"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        icon={isOpen ? <AngleDownIcon /> : <AngleUpIcon />}
      >
        {t('Recent tasks')}
        {running > 0 ? (
          <span className="vd-subtle">
            {' '}
            <Spinner size="sm" aria-hidden /> {t('{{count}} running', { count: running })}
          </span>
        ) : null}
        {failed > 0 ? (
          <span className="vd-tasks-failed">
            {' '}
            {t('{{count}} with failures', { count: failed })}
          </span>
        ) : null}
        <UploadCounts />
      </Button>
      {isOpen ? (
        <div className="vd-tasks-body">
          <Suspense fallback={<Spinner size="md" aria-label={t('Loading')} />}>
            <UploadList />
            <TasksTable namespace={namespace} jobs={jobs} />
          </Suspense>
        </div>
      ) : null}
    </section>
  );
}
