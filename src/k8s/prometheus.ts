import { isRecord } from '~/k8s/isRecord';
import { notUnderstood } from '~/k8s/listPage';

/** One time series. */
export interface Series {
  labels: Readonly<Record<string, string>>;
  /** Unix time in seconds, and the value; NaN where Prometheus has none, infinities as such. */
  points: readonly (readonly [number, number])[];
}

function toPoint(value: unknown): readonly [number, number] {
  // The parse boundary: pairs of a number and a text.
  const [time, number] = (Array.isArray(value) ? value : []) as unknown[];
  // Values are texts, since JSON has neither NaN nor infinities: "NaN", "+Inf", "-Inf".
  const text = String(number).replace('Inf', 'Infinity');
  return [Number(time), Number(text)];
}

function toSeries(result: unknown): Series {
  const { metric, values, value } = isRecord(result) ? result : {};
  const labels = Object.entries(isRecord(metric) ? metric : {}).map(([name, text]) => [
    name,
    String(text),
  ]);
  const points = Array.isArray(values) ? values : value === undefined ? [] : [value];
  // The parse boundary: names and values are texts.
  return {
    labels: Object.fromEntries(labels) as Record<string, string>,
    points: points.map(toPoint),
  };
}

/**
 * The series of an answer to `/api/v1/query` (a vector: one point each) or `/api/v1/query_range` (a
 * matrix). Throws FailureError with Prometheus' own words when it says that the query failed.
 * Format: prometheus.io/docs/prometheus/latest/querying/api.
 */
export function parsePrometheus(answer: unknown): readonly Series[] {
  if (!isRecord(answer)) throw notUnderstood('The answer is not one of Prometheus.');
  if (answer['status'] !== 'success') {
    const error = answer['error'];
    throw notUnderstood(typeof error === 'string' ? error : 'Prometheus does not say why.');
  }
  const data = isRecord(answer['data']) ? answer['data'] : {};
  if (!Array.isArray(data['result'])) throw notUnderstood('The answer has no result.');
  return data['result'].map(toSeries);
}
