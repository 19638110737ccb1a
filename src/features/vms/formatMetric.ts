import { formatBytes } from '~/k8s/quantity';
import type { MetricUnit } from '~/kubevirt/vmMetrics';

function short(value: number): string {
  return `${Number(value.toPrecision(value >= 100 ? 3 : 2))}`;
}

/** A measured value for people: three digits at most, with its unit. */
export function formatMetric(value: number, unit: MetricUnit): string {
  switch (unit) {
    case 'cores':
      return value >= 0.0005 || value === 0 ? short(value) : '0';
    case 'bytes':
      return formatBytes(roundBytes(value));
    case 'bytesPerSecond':
      return `${formatBytes(roundBytes(value))}/s`;
    case 'perSecond':
      return `${short(value)}/s`;
    case 'seconds':
      return value < 0.001 ? `${short(value * 1e6)} µs` : `${short(value * 1e3)} ms`;
  }
}

/** Bytes that show as three digits; under one there is nothing to see. */
function roundBytes(value: number): number {
  if (value < 1) return 0;
  const unit = 1024 ** Math.floor(Math.log(value) / Math.log(1024));
  return Number((value / unit).toPrecision(3)) * unit;
}
