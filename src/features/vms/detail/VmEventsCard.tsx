import { Button, Card, CardBody, CardTitle, Icon, Skeleton } from '@patternfly/react-core';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import InfoCircleIcon from '@patternfly/react-icons/dist/esm/icons/info-circle-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Timestamp } from '~/console/Timestamp';

import { WatchError } from '../WatchError';
import { rowsOf, type Watched, type WatchedRows } from '~/k8s/Watched';
import type { EventRow } from '~/kubevirt/vmEvents';

interface Props {
  /** About the VM, its instance, pods and volumes; newest first. */
  events: Watched<WatchedRows<EventRow>>;
  /** How many at first; more are shown on request: a VM that crashes in circles has hundreds. */
  limit?: number;
}

/** What happened to the VM, its instance, pod and volumes: live, newest first. */
export function VmEventsCard({ events: watched, limit = 12 }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [showsAll, setShowsAll] = useState(false);
  const rows = rowsOf(watched) ?? [];
  const shown = showsAll ? rows : rows.slice(0, limit);
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
