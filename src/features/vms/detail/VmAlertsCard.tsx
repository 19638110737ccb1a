import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { usePrometheus, useVmAlerts, type VmAlert } from '~/api/metrics';
import type { VmRef } from '~/api/vms';
import { Timestamp } from '~/console/Timestamp';
import { detailOf } from '~/k8s/errors';
import type { Tone } from '~/ui/tone';
import { ToneLabel } from '~/ui/ToneLabel';

/** Where KubeVirt explains its alerts (the annotation `runbook_url` of their rules). */
const runbooks = 'https://kubevirt.io/monitoring/runbooks/';

function toneOf(severity: string): Tone {
  if (severity === 'critical') return 'danger';
  return severity === 'warning' ? 'warning' : 'info';
}

/** Alerts of the VM that fire, or why they are not known; absent without any, and without Prometheus. */
export function VmAlertsCard({ vm }: { vm: VmRef }) {
  const { t } = useTranslation('plugin__virtdeck');
  const isThere = usePrometheus(vm.namespace).state === 'ready';
  const { data: alerts = [], failure } = useVmAlerts(vm, isThere);
  if (alerts.length === 0 && failure === undefined) return null;
  const severities: Partial<Record<string, string>> = {
    critical: t('Critical'),
    warning: t('Warning'),
    info: t('Info'),
  };
  return (
    <Card component="section" aria-labelledby="vd-alerts-title">
      <CardTitle component="h2" id="vd-alerts-title">
        {t('Alerts')}
      </CardTitle>
      <CardBody>
        {failure ? (
          <div className="vd-chart-note" role="status">
            {t(failure.title)}. <span className="vd-server-text">{detailOf(failure, t)}</span>
          </div>
        ) : null}
        <ul className="vd-events">
          {alerts.map((alert) => (
            <li key={`${alert.name} ${alert.since}`} className="vd-event">
              <div className="vd-event-text">
                <div className="vd-event-head">
                  <ToneLabel
                    tone={toneOf(alert.severity)}
                    text={severities[alert.severity] ?? alert.severity}
                  />
                  <AlertName {...alert} />
                  <span className="vd-event-time vd-subtle">
                    {alert.since === '' ? null : <Timestamp timestamp={alert.since} />}
                  </span>
                </div>
              </div>
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

function AlertName({ name, isKubeVirts }: VmAlert) {
  return isKubeVirts ? (
    <a href={`${runbooks}${encodeURIComponent(name)}`} target="_blank" rel="noreferrer">
      {name}
    </a>
  ) : (
    <span className="vd-server-text">{name}</span>
  );
}
