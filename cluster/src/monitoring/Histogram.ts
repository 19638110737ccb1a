import { type Labels, lineOf, type MetricName, type Sample } from './metrics.ts';

interface Series {
  labels: Labels;
  /** Observations in each bucket alone; the last is what is above all bounds. */
  counts: number[];
  sum: number;
}

/** How often something took how long, in seconds, for each set of labels. */
export class Histogram {
  readonly #name: MetricName;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Series>();

  /** `bounds`: upper ends of the buckets in seconds, ascending. */
  constructor(name: MetricName, bounds: readonly number[]) {
    this.#name = name;
    this.#bounds = bounds;
  }

  observe(labels: Labels, seconds: number): void {
    const key = JSON.stringify(labels);
    let series = this.#series.get(key);
    if (!series) {
      series = { labels, counts: Array<number>(this.#bounds.length + 1).fill(0), sum: 0 };
      this.#series.set(key, series);
    }
    const found = this.#bounds.findIndex((bound) => seconds <= bound);
    const at = found < 0 ? this.#bounds.length : found;
    series.counts[at] = (series.counts[at] ?? 0) + 1;
    series.sum += seconds;
  }

  samples(): Sample[] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum }) => {
      let total = 0;
      const buckets = counts.map((count, index) => {
        total += count;
        const le = String(this.#bounds[index] ?? '+Inf');
        return lineOf(`${this.#name}_bucket`, { ...labels, le }, total);
      });
      return [
        ...buckets,
        lineOf(`${this.#name}_sum`, labels, sum),
        lineOf(`${this.#name}_count`, labels, total),
      ].map((line): Sample => [this.#name, line]);
    });
  }
}
