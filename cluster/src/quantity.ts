const factors: Record<string, number> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** A Kubernetes quantity ('512Mi', '0.5', '250m', '1e3') as a number; undefined when it is none. */
export function parseQuantity(text: string | number): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(m|[kKMGTP]i?|)$/.exec(
    String(text).trim(),
  );
  const factor = factors[match?.[2] ?? 'none'];
  return match && factor !== undefined ? Number(match[1]) * factor : undefined;
}

/** Bytes as the shortest exact binary quantity: 1073741824 -> '1Gi', 1500 -> '1500'. */
export function formatBytes(bytes: number): string {
  for (const unit of ['Ti', 'Gi', 'Mi', 'Ki']) {
    const factor = factors[unit];
    if (factor && bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`;
  }
  return String(Math.ceil(bytes));
}

/** Cores as Kubernetes writes them: 0.1 -> '100m', 2 -> '2'. */
export function formatCores(cores: number): string {
  return Number.isInteger(cores) ? String(cores) : `${Math.ceil(cores * 1000)}m`;
}
