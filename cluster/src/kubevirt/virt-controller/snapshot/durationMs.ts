const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration as Go writes it (`1h30m`, `5m0s`) in milliseconds; 0 when it is none. */
export function durationMs(text: string): number {
  let total = 0;
  for (const [, value, unit] of text.matchAll(/([\d.]+)(ms|h|m|s)/g)) {
    total += Number(value) * (units[unit ?? ''] ?? 0);
  }
  return total;
}
