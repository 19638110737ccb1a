/** One measured number. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What it must reach, in the same unit: a most unless `atLeast` says that more is better. */
  budget?: number;
  atLeast?: boolean;
}

/** `NAME: value unit`, with the budget where there is one. */
export function figureText({ name, value, unit, budget, atLeast }: Figure): string {
  const text = `${name}: ${value} ${unit}`;
  if (budget === undefined) return text;
  return `${text} (${atLeast === true ? 'at least' : 'at most'} ${budget})`;
}

/** The middle one of several runs: a busy machine spoils single ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Milliseconds as seconds with two decimals. */
export const toSeconds = (milliseconds: number) => Math.round(milliseconds / 10) / 100;

export const megabytes = (bytes: number) => Math.round(bytes / 1e6);
