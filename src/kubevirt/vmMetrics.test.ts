import { expect, test } from 'vitest';
import {
  familyQuery,
  listUseQuery,
  metricFamilies,
  metricWindow,
  type MetricFamily,
  vmAlertsQuery,
  vmUseQuery,
} from './vmMetrics';

const vm = { namespace: 'shop', name: 'web-1' };
const of = '{namespace="shop",name="web-1"}';

test('a chart is one query, with a label for each of its lines', () => {
  expect(familyQuery('networkTraffic', vm, 120)).toBe(
    `label_replace(sum(rate(kubevirt_vmi_network_receive_bytes_total${of}[120s])), "series", "received", "", "") or ` +
      `label_replace(sum(rate(kubevirt_vmi_network_transmit_bytes_total${of}[120s])), "series", "sent", "", "")`,
  );
});

test('the parentheses of every query match', () => {
  const families = Object.keys(metricFamilies) as MetricFamily[];
  const all = [
    ...families.map((family) => familyQuery(family, vm, 60)),
    vmUseQuery(vm),
    listUseQuery(['cpu', 'memory', 'network'], undefined) ?? '',
    vmAlertsQuery(vm),
  ];
  for (const query of all) {
    expect(query.split('(').length, query).toBe(query.split(')').length);
  }
});

test('names with quotes cannot leave their place', () => {
  expect(vmAlertsQuery({ namespace: 'shop', name: 'a"} or b{x="' })).toContain(
    'name="a\\"} or b{x=\\""',
  );
});

test('the list asks for what it shows alone, for all VMs at once', () => {
  expect(listUseQuery([], 'shop')).toBeUndefined();
  expect(listUseQuery(['cpu'], 'shop')).toBe(
    'label_replace(sum by (namespace, name) (rate(kubevirt_vmi_cpu_usage_seconds_total{namespace="shop"}[120s])), "series", "cpu", "", "")',
  );
});

test('points stay where they are while time goes on', () => {
  const first = metricWindow({ last: 3600 }, 1_000_000_000);
  const later = metricWindow({ last: 3600 }, 1_000_004_000);
  expect(first.step).toBe(15);
  expect(first.start % 15).toBe(0);
  expect((later.start - first.start) % 15).toBe(0);
});

test('a day has no more points than a chart can show', () => {
  const { start, end, step, rateWindow } = metricWindow({ last: 86_400 }, 1_000_000_000_000);
  expect((end - start) / step).toBeLessThanOrEqual(241);
  expect(rateWindow).toBe(step);
});

test('what was zoomed to is asked for finely', () => {
  expect(metricWindow({ from: 1000, to: 1100 }, 0)).toEqual({
    start: 1000,
    end: 1100,
    step: 5,
    rateWindow: 120,
  });
});
