import { Button, EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type PrometheusState, usePrometheus } from '~/api/metrics';
import { detailOf } from '~/k8s/errors';
import type { MetricFamily, MetricRange } from '~/kubevirt/vmMetrics';
import { ErrorState } from '~/ui/ErrorState';
import { LoadingState } from '~/ui/LoadingState';
import { useStored } from '~/ui/stored';

import './detail.css';
import { ChoiceField } from '~/ui/ChoiceField';
import { VmMetricCard } from './VmMetricCard';
import type { VmTabProps } from './VmTab';

/** Seconds that can be looked back. */
const RANGES = [300, 900, 3600, 21_600, 86_400, 604_800] as const;

function parseRange(json: unknown): number {
  return RANGES.find((one) => one === json) ?? 3600;
}

const FAMILIES: readonly MetricFamily[] = [
  'cpu',
  'memory',
  'storageTraffic',
  'storageRequests',
  'storageLatency',
  'networkTraffic',
  'networkPackets',
  'migrationData',
  'migrationRates',
];

/** What the VM used, over a time that is chosen or dragged over; the charts share their crosshair. */
export function VmMetricsTab({ vm }: VmTabProps) {
  const { t, i18n } = useTranslation('plugin__virtdeck');
  const namespace = vm.metadata?.namespace ?? '';
  const name = vm.metadata?.name ?? '';
  const prometheus = usePrometheus(namespace);
  const [last, setLast] = useStored('virtdeck.metrics.range', parseRange);
  const [zoom, setZoom] = useState<{ from: number; to: number }>();
  const range: MetricRange = useMemo(() => zoom ?? { last }, [zoom, last]);
  const onZoom = useCallback((from: number, to: number) => setZoom({ from, to }), []);

  if (prometheus.state === 'unknown') return <LoadingState label={t('Loading')} />;
  if (prometheus.state === 'missing') {
    return <NoMetrics {...prometheus} namespace={namespace} onRetry={prometheus.retry} />;
  }
  const rangeTexts = [
    t('Last 5 minutes'),
    t('Last 15 minutes'),
    t('Last hour'),
    t('Last 6 hours'),
    t('Last day'),
    t('Last week'),
  ];
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'medium' });
  return (
    <>
      <div className="vd-metrics-time">
        <ChoiceField
          id="vd-metrics-range"
          label={t('Time')}
          value={zoom ? 'zoom' : `${last}`}
          choices={[
            ...(zoom
              ? [{ value: 'zoom', label: time.formatRange(zoom.from * 1000, zoom.to * 1000) }]
              : []),
            ...RANGES.map((seconds, index) => ({
              value: `${seconds}`,
              label: rangeTexts[index] ?? '',
            })),
          ]}
          onChange={(value) => {
            if (value === 'zoom') return;
            setZoom(undefined);
            setLast(parseRange(Number(value)));
          }}
        />
        {zoom ? (
          <Button variant="link" onClick={() => setZoom(undefined)}>
            {t('Reset zoom')}
          </Button>
        ) : (
          <span className="vd-metrics-hint vd-subtle">{t('Drag over a chart to zoom in.')}</span>
        )}
      </div>
      <div className="vd-charts">
        {FAMILIES.map((family) => (
          <VmMetricCard
            key={family}
            vm={{ namespace, name }}
            family={family}
            range={range}
            onZoom={onZoom}
          />
        ))}
      </div>
    </>
  );
}

interface NoMetricsProps extends Extract<PrometheusState, { state: 'missing' }> {
  namespace: string;
  onRetry: () => void;
}

function NoMetrics({ failure, namespace, onRetry }: NoMetricsProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const isForbidden = failure.status === 403 || failure.status === 401;
  if (!isForbidden && (failure.status === 404 || failure.status === 501)) {
    return (
      <EmptyState headingLevel="h2" titleText={t('There are no metrics')}>
        <EmptyStateBody>
          {t('This console knows of no Prometheus. Everything else works without it.')}{' '}
          <span className="vd-server-text">{detailOf(failure, t)}</span>
        </EmptyStateBody>
      </EmptyState>
    );
  }
  return (
    <ErrorState
      isForbidden={isForbidden}
      title={
        isForbidden
          ? t('You are not allowed to see metrics of project {{namespace}}', { namespace })
          : t('Metrics could not be loaded')
      }
      detail={isForbidden ? failure.detail : `${t(failure.title)}. ${detailOf(failure, t)}`}
      retryLabel={t('Retry')}
      onRetry={onRetry}
    />
  );
}
