import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type MetricAnswer, useMetricFamily } from '~/api/metrics';
import type { VmRef } from '~/api/vms';
import { detailOf } from '~/k8s/errors';
import { type MetricFamily, type MetricRange, metricFamilies } from '~/kubevirt/vmMetrics';
import { TimeChart } from '~/ui/chart/TimeChart';

import { formatMetric } from '../formatMetric';
import { useMetricTexts } from './useMetricTexts';

interface Props {
  vm: VmRef;
  family: MetricFamily;
  range: MetricRange;
  onZoom: (from: number, to: number) => void;
}

/** The crosshair is shared by the charts of this group. */
const GROUP = 'virtdeck-vm';

/** One value for each step; null where there was none, so that the line has a gap. */
function toLines({ window: { start, end, step }, series }: MetricAnswer, names: readonly string[]) {
  const count = Math.round((end - start) / step) + 1;
  const times = Array.from({ length: count }, (_, index) => start + index * step);
  const values = names.map((name) => {
    const line: (number | null)[] = times.map(() => null);
    const points = series.find(({ labels }) => labels['series'] === name)?.points ?? [];
    for (const [time, value] of points) {
      const index = Math.round((time - start) / step);
      if (Number.isFinite(value) && index < count) line[index] = value;
    }
    return line;
  });
  return { times, values, from: start, to: end };
}

/** One chart of a VM. */
export function VmMetricCard({ vm, family, range, onZoom }: Props) {
  const { t, i18n } = useTranslation('plugin__virtdeck');
  const { familyTitle, seriesText } = useMetricTexts();
  const { data, failure } = useMetricFamily(vm, family, range);
  const { unit, series } = metricFamilies[family];
  const names = useMemo(() => Object.keys(series), [series]);
  const lines = useMemo(
    () => names.map((name) => seriesText(family, name)),
    [names, seriesText, family],
  );
  const format = useCallback((value: number) => formatMetric(value, unit), [unit]);
  const drawn = useMemo(() => data && toLines(data, names), [data, names]);
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'medium' });
  const isEmpty = data !== undefined && data.series.length === 0;
  const id = `vd-metric-${family}`;
  return (
    <Card component="section" aria-labelledby={id} isCompact>
      <CardTitle component="h2" id={id}>
        {familyTitle(family)}
      </CardTitle>
      <CardBody>
        {failure ? (
          <div className="vd-chart-note" role="status">
            {t(failure.title)}. <span className="vd-server-text">{detailOf(failure, t)}</span>
          </div>
        ) : null}
        {drawn && !isEmpty ? (
          <TimeChart
            label={familyTitle(family)}
            {...{ lines, format, onZoom }}
            {...drawn}
            isBinary={unit === 'bytes' || unit === 'bytesPerSecond'}
            locale={i18n.language}
            group={GROUP}
            formatTime={(seconds) => time.format(seconds * 1000)}
          />
        ) : failure ? null : (
          <div className="vd-chart-note vd-chart-empty vd-subtle">
            {isEmpty ? t('Nothing was measured in this time.') : t('Loading')}
          </div>
        )}
      </CardBody>
    </Card>
  );
}
