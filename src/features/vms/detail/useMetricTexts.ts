import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { MetricFamily } from '~/kubevirt/vmMetrics';

/** Names of charts and of their lines in the user's language. */
export function useMetricTexts() {
  const { t } = useTranslation('plugin__virtdeck');
  return useMemo(() => {
    const families: Record<MetricFamily, string> = {
      cpu: t('CPU use (cores)'),
      memory: t('Memory use'),
      storageTraffic: t('Storage throughput'),
      storageRequests: t('Storage requests'),
      storageLatency: t('Time of a storage request'),
      networkTraffic: t('Network throughput'),
      networkPackets: t('Network packets'),
      migrationData: t('Migration: memory to move'),
      migrationRates: t('Migration: rates'),
    };
    const series: Record<string, string> = {
      used: t('Used'),
      waiting: t('Waiting for a CPU'),
      resident: t('Held on the node'),
      total: t('Total'),
      read: t('Read'),
      written: t('Written'),
      received: t('Received'),
      sent: t('Sent'),
      lost: t('Lost'),
      processed: t('Moved'),
      remaining: t('Remaining'),
      transferred: t('Transferred'),
      dirtied: t('Changed by the guest'),
    };
    return {
      familyTitle: (family: MetricFamily) => families[family],
      seriesText: (_family: MetricFamily, name: string) => series[name] ?? name,
    };
  }, [t]);
}
