export const UNITS = ['MiB', 'GiB', 'TiB'] as const;
export type Unit = (typeof UNITS)[number];

/** An amount as it is typed; `undefined` while the field is empty. */
export interface Amount {
  value: number | undefined;
  unit: Unit;
}

const FACTORS: Readonly<Record<Unit, number>> = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Bytes of an amount, 0 for an empty one. */
export function toBytes({ value, unit }: Amount): number {
  return Math.round((value ?? 0) * FACTORS[unit]);
}

/** Bytes in the largest unit that gives at least 1, with at most two decimals, rounded up. */
export function toAmount(bytes: number): Amount {
  const unit = [...UNITS].reverse().find((one) => bytes >= FACTORS[one]) ?? 'MiB';
  return { value: Math.ceil((bytes / FACTORS[unit]) * 100) / 100, unit };
}

/** Exactly these bytes, in the largest unit that needs at most two decimals for them. */
export function exactAmount(bytes: number): Amount {
  const unit =
    [...UNITS].reverse().find((one) => {
      const hundredths = (bytes / FACTORS[one]) * 100;
      return hundredths >= 100 && Number.isInteger(hundredths);
    }) ?? 'MiB';
  return { value: bytes / FACTORS[unit], unit };
}
