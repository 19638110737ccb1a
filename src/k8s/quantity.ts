const factors: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$/;

/**
 * A Kubernetes quantity as a number: bytes for memory and disks, cores for CPUs. Undefined when the
 * text is none. Grammar: apimachinery pkg/api/resource/quantity.go.
 */
export function parseQuantity(quantity: string | undefined): number | undefined {
  const match = pattern.exec(quantity?.trim() ?? '');
  const number = match?.[1];
  if (number === undefined) return undefined;
  const factor = factors[match?.[2] ?? ''];
  return factor === undefined ? undefined : Number(number) * factor;
}

const binaryUnits = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;

/** For people: `1 GiB`, `1.5 TiB`, `512 B`; at most two decimals. */
export function formatBytes(bytes: number): string {
  const unit = binaryUnits.find((candidate) => Math.abs(bytes) >= (factors[candidate] ?? 1));
  const amount = bytes / (factors[unit ?? ''] ?? 1);
  return `${Number(amount.toFixed(2))} ${unit ?? ''}B`;
}

/** For manifests: the largest binary unit that keeps the number whole (`1Gi`, `1536Mi`, `1000`). */
export function toQuantity(bytes: number): string {
  const whole = Math.ceil(bytes);
  const unit = binaryUnits.find((candidate) => whole % (factors[candidate] ?? 1) === 0);
  return whole === 0 || unit === undefined ? `${whole}` : `${whole / (factors[unit] ?? 1)}${unit}`;
}
