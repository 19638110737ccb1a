import { Button, Card, CardBody, CardTitle, Icon, Skeleton } from '@patternfly/react-core';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import InfoCircleIcon from '@patternfly/react-icons/dist/esm/icons/info-circle-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useEventsAbout } from '~/api/events';
import { Timestamp } from '~/console/Timestamp';

import { WatchError } from '../WatchError';
import { type EventRow, toEventRow, vmEvents } from '~/kubevirt/vmEvents';

interface Props {
  namespace: string;
  name: string;
  created: string;
  dataVolumes: readonly string[];
  /** Of the instance that runs. */
  pods: readonly string[];
}

/** More are shown on request: a VM that crashes in circles has hundreds. */
const SHOWN_AT_FIRST = 12;

/** Each is a stream of its own; a browser has few. What befalls others shows on the VM as well. */
const MOST_VOLUMES = 4;

/** What happened to the VM, its instance, pod and volumes: live, newest first. */
export function VmEventsCard({ namespace, name, created, dataVolumes, pods }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [showsAll, setShowsAll] = useState(false);
  const about = [name, ...pods, ...dataVolumes.slice(0, MOST_VOLUMES)];
  const watched = useEventsAbout(namespace, about, toEventRow);
  const rows =
    watched.state === 'ready' ? vmEvents(watched.data.rows, { name, created, dataVolumes }) : [];
  const shown = showsAll ? rows : rows.slice(0, SHOWN_AT_FIRST);
  return (
    <Card component="section" aria-labelledby="vd-events-title">
      <CardTitle component="h2" id="vd-events-title">
        {t('Events')}
      </CardTitle>
      <CardBody>
        {watched.state === 'loading' ? <Skeleton screenreaderText={t('Loading events')} /> : null}
        {watched.state === 'error' ? (
          <WatchError failure={watched.error} what={t('Events')} onRetry={() => watched.retry()} />
        ) : null}
        {watched.state === 'ready' && watched.data.complete && rows.length === 0 ? (
          <span className="vd-subtle">
            {t('Nothing was reported lately. Events are kept for an hour.')}
          </span>
        ) : null}
        <ol className="vd-events">
          {shown.map((row) => (
            <EventItem key={row.key} row={row} />
          ))}
        </ol>
        {rows.length > shown.length ? (
          <Button variant="link" isInline onClick={() => setShowsAll(true)}>
            {t('Show {{count}} more', { count: rows.length - shown.length })}
          </Button>
        ) : null}
      </CardBody>
    </Card>
  );
}

function EventItem({ row }: { row: EventRow }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <li className="vd-event">
      <Icon
        status={row.isWarning ? 'warning' : 'info'}
        aria-label={row.isWarning ? t('Warning') : t('Normal')}
        role="img"
      >
        {row.isWarning ? <ExclamationTriangleIcon /> : <InfoCircleIcon />}
      </Icon>
      <div className="vd-event-text">
        <div className="vd-event-head">
          <strong>{row.reason}</strong>
          {row.count > 1 ? (
            <span className="vd-hint">{t('{{count}} times', { count: row.count })}</span>
          ) : null}
          <span className="vd-hint vd-event-time">
            <Timestamp timestamp={row.lastSeen} simple />
          </span>
        </div>
        <div className="vd-server-text">{row.message}</div>
        <div className="vd-hint vd-server-text">
          {row.kind} {row.name}
        </div>
      </div>
    </li>
  );
}
