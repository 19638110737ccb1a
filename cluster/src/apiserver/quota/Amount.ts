/**
 * A quantity as resource.Quantity of Kubernetes: exact to a thousandth, and written back in the family of
 * suffixes that it came in.
 */
export interface Amount {
  readonly milli: bigint;
  readonly binary: boolean;
}

export const zero: Amount = { milli: 0n, binary: false };

export const count = (number: number): Amount => ({ milli: BigInt(number) * 1000n, binary: false });

const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimalSuffixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d+))?$/;

/** Undefined for what is no quantity. What is smaller than a thousandth counts as one. */
export function parseAmount(text: string | number): Amount | undefined {
  const match = form.exec(String(text).trim());
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', binary, decimal, exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  const factor = binary === undefined ? 1n : 1024n ** BigInt(binarySuffixes.indexOf(binary));
  const shift = 3 - fraction.length + (exponent === undefined ? power(decimal) : Number(exponent));
  const scaled = digits * factor;
  const milli = shift >= 0 ? scaled * 10n ** BigInt(shift) : roundUp(scaled, 10n ** BigInt(-shift));
  return { milli: sign === '-' ? -milli : milli, binary: binary !== undefined };
}

function power(suffix: string | undefined): number {
  const small = ['n', 'u', 'm'].indexOf(suffix ?? '');
  return small >= 0 ? (small - 3) * 3 : decimalSuffixes.indexOf(suffix ?? '') * 3;
}

const roundUp = (value: bigint, divisor: bigint) => (value + divisor - 1n) / divisor;

/** Keeps the suffixes of the first, unless that is nothing. */
export function add(a: Amount, b: Amount): Amount {
  return { milli: a.milli + b.milli, binary: a.milli === 0n ? b.binary : a.binary };
}

export function subtract(a: Amount, b: Amount): Amount {
  return { milli: a.milli - b.milli, binary: a.binary };
}

export function larger(a: Amount, b: Amount): Amount {
  return b.milli > a.milli ? b : a;
}

/** The canonical form: the largest suffix that needs no fraction. */
export function formatAmount({ milli, binary }: Amount): string {
  const magnitude = milli < 0n ? -milli : milli;
  const sign = milli < 0n ? '-' : '';
  if (magnitude % 1000n !== 0n) return `${sign}${magnitude}m`;
  const whole = magnitude / 1000n;
  const usesBinary = binary && whole >= 1024n;
  const step = usesBinary ? 1024n : 1000n;
  const suffixes = usesBinary ? binarySuffixes : decimalSuffixes;
  let [value, index] = [whole, 0];
  while (value !== 0n && value % step === 0n && index < suffixes.length - 1) {
    value /= step;
    index += 1;
  }
  return `${sign}${value}${suffixes[index] ?? ''}`;
}
