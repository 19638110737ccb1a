// Queries of KubeVirt's metrics. Names, labels and units: KubeVirt docs/observability/metrics.md at
// d923fdb. Counters are summed after `rate`, so that neither a restart nor a migration (another
// `node`) shows as a peak.

/** What one chart shows, by one query. */
export type MetricFamily =
  | 'cpu'
  | 'memory'
  | 'storageTraffic'
  | 'storageRequests'
  | 'storageLatency'
  | 'networkTraffic'
  | 'networkPackets'
  | 'migrationData'
  | 'migrationRates';

/** What the numbers of a family are. */
export type MetricUnit = 'cores' | 'bytes' | 'bytesPerSecond' | 'perSecond' | 'seconds';

/** A VirtualMachineInstance has the name of its VM. */
interface Target {
  namespace: string;
  name: string;
}

/** A value in a query, as text in double quotes. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function selector({ namespace, name }: Target): string {
  return `{namespace=${quoted(namespace)},name=${quoted(name)}}`;
}

type Expression = (selector: string, window: string) => string;

const gauge =
  (metric: string): Expression =>
  (of) =>
    `sum(kubevirt_vmi_${metric}${of})`;

const rate =
  (metric: string): Expression =>
  (of, window) =>
    `sum(rate(kubevirt_vmi_${metric}${of}[${window}]))`;

/** Seconds that a request took, on average of those of the window. */
const latency =
  (times: string, requests: string): Expression =>
  (of, window) =>
    `${rate(times)(of, window)} / (${rate(requests)(of, window)} > 0)`;

interface Family {
  unit: MetricUnit;
  /** Name of the series, and what it is. */
  series: Readonly<Record<string, Expression>>;
}

export const metricFamilies: Readonly<Record<MetricFamily, Family>> = {
  cpu: {
    unit: 'cores',
    series: {
      used: rate('cpu_usage_seconds_total'),
      waiting: rate('vcpu_delay_seconds_total'),
    },
  },
  memory: {
    unit: 'bytes',
    series: {
      // As the recording rule vmi:kubevirt_vmi_memory_used_bytes:sum; only with a balloon driver.
      used: (of) =>
        `sum(kubevirt_vmi_memory_available_bytes${of} - kubevirt_vmi_memory_usable_bytes${of})`,
      resident: gauge('memory_resident_bytes'),
      total: gauge('memory_domain_bytes'),
    },
  },
  storageTraffic: {
    unit: 'bytesPerSecond',
    series: {
      read: rate('storage_read_traffic_bytes_total'),
      written: rate('storage_write_traffic_bytes_total'),
    },
  },
  storageRequests: {
    unit: 'perSecond',
    series: {
      read: rate('storage_iops_read_total'),
      written: rate('storage_iops_write_total'),
    },
  },
  storageLatency: {
    unit: 'seconds',
    series: {
      read: latency('storage_read_times_seconds_total', 'storage_iops_read_total'),
      written: latency('storage_write_times_seconds_total', 'storage_iops_write_total'),
    },
  },
  networkTraffic: {
    unit: 'bytesPerSecond',
    series: {
      received: rate('network_receive_bytes_total'),
      sent: rate('network_transmit_bytes_total'),
    },
  },
  networkPackets: {
    unit: 'perSecond',
    series: {
      received: rate('network_receive_packets_total'),
      sent: rate('network_transmit_packets_total'),
      lost: (of, window) =>
        ['receive_packets_dropped', 'transmit_packets_dropped', 'receive_errors', 'transmit_errors']
          // What a driver does not count is nothing, not the end of the sum.
          .map((one) => `(${rate(`network_${one}_total`)(of, window)} or vector(0))`)
          .join(' + '),
    },
  },
  migrationData: {
    unit: 'bytes',
    series: {
      processed: gauge('migration_data_processed_bytes'),
      remaining: gauge('migration_data_remaining_bytes'),
    },
  },
  migrationRates: {
    unit: 'bytesPerSecond',
    series: {
      transferred: gauge('migration_memory_transfer_rate_bytes'),
      dirtied: gauge('migration_dirty_memory_rate_bytes'),
    },
  },
};

/** Several expressions as one query; the label `series` tells them apart. */
function together(parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts)
    .map(([name, expression]) => `label_replace(${expression}, "series", "${name}", "", "")`)
    .join(' or ');
}

/** The query of one chart of a VM; `windowSeconds` is that of the rates. */
export function familyQuery(family: MetricFamily, vm: Target, windowSeconds: number): string {
  const parts = Object.entries(metricFamilies[family].series).map(([name, expression]) => [
    name,
    expression(selector(vm), `${windowSeconds}s`),
  ]);
  return together(Object.fromEntries(parts) as Record<string, string>);
}

/** What a VM uses, for a glance: CPU in cores, memory in bytes, storage and network in bytes a second. */
export type Use = 'cpu' | 'memory' | 'storage' | 'network';

/** What one VM uses now; what is not known is left out. Rounded to what is shown. */
export type UseOfVm = Readonly<Partial<Record<Use, number>>>;

/** Guests without a balloon driver: what the process holds stands for what they use. */
function usedMemory(of: string, by: string): string {
  const [available, usable, resident] = ['available', 'usable', 'resident'].map(
    (one) => `sum${by}(kubevirt_vmi_memory_${one}_bytes${of})`,
  );
  return `((${available} - ${usable}) or ${resident})`;
}

function useExpression(use: Use, of: string, by: string, window: string): string {
  const sum = (metrics: readonly string[]) =>
    metrics.map((metric) => `sum${by}(rate(kubevirt_vmi_${metric}${of}[${window}]))`).join(' + ');
  switch (use) {
    case 'cpu':
      return sum(['cpu_usage_seconds_total']);
    case 'memory':
      return usedMemory(of, by);
    case 'storage':
      return sum(['storage_read_traffic_bytes_total', 'storage_write_traffic_bytes_total']);
    case 'network':
      return sum(['network_receive_bytes_total', 'network_transmit_bytes_total']);
  }
}

const uses: readonly Use[] = ['cpu', 'memory', 'storage', 'network'];

/** The window of rates that are shown as "now": long enough for two scrapes 30 s apart. */
export const nowWindowSeconds = 120;

/** What one VM uses of everything, by one query. */
export function vmUseQuery(vm: Target): string {
  const parts = uses.map((use) => [
    use,
    useExpression(use, selector(vm), '', `${nowWindowSeconds}s`),
  ]);
  return together(Object.fromEntries(parts) as Record<string, string>);
}

/**
 * What all VMs use, those of one project or of all, by one query; undefined when nothing is wanted.
 * The series have the labels `namespace`, `name` and `series`.
 */
export function listUseQuery(
  wanted: readonly Use[],
  namespace: string | undefined,
): string | undefined {
  if (wanted.length === 0) return undefined;
  const of = namespace === undefined ? '' : `{namespace=${quoted(namespace)}}`;
  const parts = wanted.map((use) => [
    use,
    useExpression(use, of, ' by (namespace, name) ', `${nowWindowSeconds}s`),
  ]);
  return together(Object.fromEntries(parts) as Record<string, string>);
}

/**
 * Alerts of a VM that fire; the value is the Unix time since which. Alerts name the instance by
 * `name`, some by `vmi` or `vm` (KubeVirt pkg/monitoring/rules/alerts at d923fdb).
 */
export function vmAlertsQuery({ namespace, name }: Target): string {
  return ['name', 'vmi', 'vm']
    .map((label) => {
      const of = `namespace=${quoted(namespace)},${label}=${quoted(name)}`;
      return `(ALERTS_FOR_STATE{${of}} and ignoring(alertstate) ALERTS{${of},alertstate="firing"})`;
    })
    .join(' or ');
}

/** The part of time that is shown: the last seconds, or a fixed one. Unix time in seconds. */
export type MetricRange = { last: number } | { from: number; to: number };

export interface MetricWindow {
  /** Unix time in seconds; multiples of the step, so that points stay where they are. */
  start: number;
  end: number;
  /** Seconds from point to point. */
  step: number;
  /** Seconds over which rates are taken. */
  rateWindow: number;
}

/** So many points fit a chart with about two pixels each. */
const mostPoints = 240;

/** No finer than this: nothing is scraped more often. Seconds. */
const leastStep = 5;

/** The points to ask for. `now` in milliseconds since 1970. */
export function metricWindow(range: MetricRange, now: number): MetricWindow {
  const to = 'last' in range ? now / 1000 : range.to;
  const from = 'last' in range ? to - range.last : range.from;
  const step = Math.max(leastStep, Math.ceil((to - from) / mostPoints));
  return {
    start: Math.floor(from / step) * step,
    end: Math.floor(to / step) * step,
    step,
    rateWindow: Math.max(nowWindowSeconds, step),
  };
}
