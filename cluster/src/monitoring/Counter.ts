import { type Labels, type MetricName, sample, type Sample } from './metrics.ts';

/** A number for each set of labels that goes up, or up and down, as things happen. */
export class Counter {
  readonly #name: MetricName;
  readonly #values = new Map<string, { labels: Labels; value: number }>();

  constructor(name: MetricName) {
    this.#name = name;
  }

  add(labels: Labels, amount = 1): void {
    this.#at(labels).value += amount;
  }

  set(labels: Labels, value: number): void {
    this.#at(labels).value = value;
  }

  samples(): Sample[] {
    return [...this.#values.values()].flatMap(({ labels, value }) =>
      sample(this.#name, labels, value),
    );
  }

  #at(labels: Labels): { value: number } {
    const key = JSON.stringify(labels);
    const known = this.#values.get(key);
    if (known) return known;
    const made = { labels, value: 0 };
    this.#values.set(key, made);
    return made;
  }
}
