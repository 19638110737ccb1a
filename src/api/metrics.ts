import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Polled, usePolled } from '~/api/usePolled';
import { prometheusRequest } from '~/console/http';
import { type Failure, FailureError, toFailure } from '~/k8s/errors';
import { parsePrometheus, type Series } from '~/k8s/prometheus';
import {
  familyQuery,
  listUseQuery,
  type MetricFamily,
  type MetricRange,
  type MetricWindow,
  metricWindow,
  type Use,
  type UseOfVm,
  vmAlertsQuery,
  vmUseQuery,
} from '~/kubevirt/vmMetrics';
import type { VmRef } from '~/kubevirt/vmCall';

/** Milliseconds between two questions: metrics are gathered every 15 to 30 s. */
const every = 15_000;

/** A query about one project, or (undefined) about all. */
type Question = { query: string; namespace: string | undefined };

async function ask(
  { query, namespace }: Question,
  signal: AbortSignal,
): Promise<readonly Series[]> {
  const scope = await scopeFor(namespace);
  return parsePrometheus(await prometheusRequest('query', { query }, { namespace: scope, signal }));
}

async function askRange(
  { query, namespace }: Question,
  { start, end, step }: MetricWindow,
  signal: AbortSignal,
): Promise<readonly Series[]> {
  const parameters = { query, start: `${start}`, end: `${end}`, step: `${step}` };
  const scope = await scopeFor(namespace);
  const options = { namespace: scope, signal };
  return parsePrometheus(await prometheusRequest('query_range', parameters, options));
}

/** Whether Prometheus can be asked; `failure` says why not, its status 403 that the right is missing. */
export type PrometheusState =
  { state: 'unknown' } | { state: 'ready' } | { state: 'missing'; failure: Failure };

const unknown: PrometheusState = { state: 'unknown' };

/** `scope` is the project by whose endpoint it can be asked, undefined for that of all. */
type Found =
  { state: 'ready'; scope: string | undefined } | Extract<PrometheusState, { state: 'missing' }>;

/** Found out once for each project and for all; forgotten when the page is loaded anew. */
const found = new Map<string | undefined, Promise<Found>>();

/**
 * Asks the endpoint of the project first: it needs the lesser right. Hosts that are not OpenShift's
 * console may have that of all projects alone.
 */
async function find(namespace: string | undefined): Promise<Found> {
  const { signal } = new AbortController();
  try {
    parsePrometheus(
      await prometheusRequest('query', { query: 'vector(1)' }, { namespace, signal }),
    );
    return { state: 'ready', scope: namespace };
  } catch (error) {
    const failure = toFailure(error);
    // An API server says 503 of a service that has no such port.
    const isAbsent = [404, 501, 503].includes(failure.status ?? 0);
    return isAbsent && namespace !== undefined ? probe(undefined) : { state: 'missing', failure };
  }
}

function probe(namespace: string | undefined): Promise<Found> {
  const known = found.get(namespace) ?? find(namespace);
  found.set(namespace, known);
  return known;
}

async function scopeFor(namespace: string | undefined): Promise<string | undefined> {
  const answer = await probe(namespace);
  if (answer.state === 'missing') throw new FailureError(answer.failure);
  return answer.scope;
}

/** Whether there is a Prometheus that this user may ask about a project, or (undefined) about all. */
export function usePrometheus(namespace: string | undefined): PrometheusState & {
  retry: () => void;
} {
  const [known, setKnown] = useState<{ namespace: string | undefined; result: PrometheusState }>({
    ...{ namespace, result: unknown },
  });
  const [attempt, setAttempt] = useState(0);
  // Asks a server.
  useEffect(() => {
    let isWanted = true;
    void probe(namespace).then((result) => {
      if (isWanted) setKnown({ namespace, result });
    });
    return () => {
      isWanted = false;
    };
  }, [namespace, attempt]);
  const retry = useCallback(() => {
    found.delete(namespace);
    found.delete(undefined);
    setKnown({ namespace, result: unknown });
    setAttempt((last) => last + 1);
  }, [namespace]);
  // What was found out about another project says nothing.
  return { ...(known.namespace === namespace ? known.result : unknown), retry };
}

/** Lines of a chart and the time that they stand for. */
export interface MetricAnswer {
  window: MetricWindow;
  series: readonly Series[];
}

/** What one chart of a VM shows; follows the time unless the range is fixed. */
export function useMetricFamily(
  { namespace, name }: VmRef,
  family: MetricFamily,
  range: MetricRange,
): Polled<MetricAnswer> {
  const request = useCallback(
    async (signal: AbortSignal) => {
      const window = metricWindow(range, Date.now());
      const query = familyQuery(family, { namespace, name }, window.rateWindow);
      return { window, series: await askRange({ query, namespace }, window, signal) };
    },
    [namespace, name, family, range],
  );
  const { step } = metricWindow(range, 0);
  return usePolled(request, 'last' in range ? Math.max(every, step * 1000) : undefined);
}

/** Seconds that the small charts look back. */
const glanceSeconds = 900;

/** What a VM uses now and used in the last quarter of an hour; nothing is asked while not wanted. */
export function useVmUse({ namespace, name }: VmRef, isWanted: boolean): Polled<MetricAnswer> {
  const request = useCallback(
    async (signal: AbortSignal) => {
      const window = metricWindow({ last: glanceSeconds }, Date.now());
      const query = vmUseQuery({ namespace, name });
      return { window, series: await askRange({ query, namespace }, window, signal) };
    },
    [namespace, name],
  );
  return usePolled(isWanted ? request : undefined, every);
}

/** An alert that fires. */
export interface VmAlert {
  name: string;
  severity: string;
  /** ISO 8601. */
  since: string;
  /** Of KubeVirt's own alerts there are runbooks. */
  isKubeVirts: boolean;
}

function toAlert({ labels, points }: Series): VmAlert {
  const seconds = points.at(-1)?.[1];
  return {
    name: labels['alertname'] ?? '',
    severity: labels['severity'] ?? '',
    since: seconds ? new Date(seconds * 1000).toISOString() : '',
    isKubeVirts: labels['kubernetes_operator_part_of'] === 'kubevirt',
  };
}

/** Alerts of a VM that fire. */
export function useVmAlerts({ namespace, name }: VmRef, isWanted: boolean): Polled<VmAlert[]> {
  const request = useCallback(
    async (signal: AbortSignal) => {
      const query = vmAlertsQuery({ namespace, name });
      return (await ask({ query, namespace }, signal)).map(toAlert);
    },
    [namespace, name],
  );
  return usePolled(isWanted ? request : undefined, 2 * every);
}

function isUse(text: string | undefined): text is Use {
  return text === 'cpu' || text === 'memory' || text === 'storage' || text === 'network';
}

function byVm(series: readonly Series[]): ReadonlyMap<string, UseOfVm> {
  const map = new Map<string, Partial<Record<Use, number>>>();
  for (const { labels, points } of series) {
    const value = points[0]?.[1];
    const use = labels['series'];
    if (value === undefined || Number.isNaN(value) || !isUse(use)) continue;
    // As few digits as are shown: a row is drawn again only when what it shows has changed.
    const rounded = Number(value.toPrecision(use === 'cpu' ? 2 : 3));
    const key = `${labels['namespace'] ?? ''}/${labels['name'] ?? ''}`;
    const known = map.get(key);
    if (known) known[use] = rounded;
    else map.set(key, { [use]: rounded });
  }
  return map;
}

/**
 * What all VMs of a project, or of all, use now, by `namespace/name`: one query for all of them. Only
 * what is wanted is asked for; the list of it is memoised.
 */
export function useListUse(
  wanted: readonly Use[],
  namespace: string | undefined,
): Polled<ReadonlyMap<string, UseOfVm>> {
  const query = useMemo(() => listUseQuery(wanted, namespace), [wanted, namespace]);
  const request = useMemo(
    () =>
      query === undefined
        ? undefined
        : async (signal: AbortSignal) => byVm(await ask({ query, namespace }, signal)),
    [query, namespace],
  );
  return usePolled(request, 2 * every);
}
