import { Card, CardBody, CardHeader, CardTitle } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { usePrometheus, useVmUse } from '~/api/metrics';
import type { VmRef } from '~/api/vms';
import { Link, vmHref } from '~/console/navigation';
import { detailOf } from '~/k8s/errors';
import type { MetricUnit, Use } from '~/kubevirt/vmMetrics';
import { Sparkline } from '~/ui/chart/Sparkline';

import { formatMetric } from '../formatMetric';

interface Props {
  vm: VmRef;
  isRunning: boolean;
  /** What it has, for "of"; undefined when not known. */
  vcpus: number | undefined;
  memoryBytes: number | undefined;
}

const UNITS: Record<Use, MetricUnit> = {
  cpu: 'cores',
  memory: 'bytes',
  storage: 'bytesPerSecond',
  network: 'bytesPerSecond',
};

const USES: readonly Use[] = ['cpu', 'memory', 'storage', 'network'];

/** What a VM uses now, with the last quarter of an hour as a line. Absent without Prometheus. */
export function VmUseCard({ vm, isRunning, vcpus, memoryBytes }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const isThere = usePrometheus(vm.namespace).state === 'ready' && isRunning;
  const { data, failure } = useVmUse(vm, isThere);
  if (!isThere) return null;
  const titles = {
    cpu: t('CPU'),
    memory: t('Memory'),
    storage: t('Storage'),
    network: t('Network'),
  };
  const has: Partial<Record<Use, string>> = {
    ...(vcpus === undefined ? {} : { cpu: t('{{count}} cores', { count: vcpus }) }),
    ...(memoryBytes === undefined ? {} : { memory: formatMetric(memoryBytes, 'bytes') }),
  };
  const usedOf = (use: Use) => {
    const points = data?.series.find(({ labels }) => labels['series'] === use)?.points ?? [];
    const now = points.at(-1)?.[1];
    return { points, text: now === undefined ? undefined : formatMetric(now, UNITS[use]) };
  };
  return (
    <Card component="section" aria-labelledby="vd-use-title">
      <CardHeader
        actions={{
          hasNoOffset: true,
          actions: <Link to={vmHref(vm, 'metrics')}>{t('All metrics')}</Link>,
        }}
      >
        <CardTitle component="h2" id="vd-use-title">
          {t('Use')}
        </CardTitle>
      </CardHeader>
      <CardBody>
        {failure ? (
          <div className="vd-chart-note" role="status">
            {t(failure.title)}. <span className="vd-server-text">{detailOf(failure, t)}</span>
          </div>
        ) : null}
        <dl className="vd-uses">
          {USES.map((use) => {
            const { points, text } = usedOf(use);
            return (
              <div key={use}>
                <dt>{titles[use]}</dt>
                <dd>
                  {text === undefined ? (
                    <span className="vd-subtle">{data ? t('Not measured') : t('Loading')}</span>
                  ) : has[use] === undefined ? (
                    text
                  ) : (
                    t('{{used}} of {{total}}', { used: text, total: has[use] })
                  )}
                  <Sparkline points={points} />
                </dd>
              </div>
            );
          })}
        </dl>
      </CardBody>
    </Card>
  );
}
