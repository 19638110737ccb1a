/** One measured number. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
}

/** The middle one of several runs: a busy machine spoils single ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Milliseconds as seconds with two decimals. */
export const toSeconds = (milliseconds: number) => Math.round(milliseconds / 10) / 100;
