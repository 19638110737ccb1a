import type { Environment } from '@marcbachmann/cel-js';
import { add, type Amount, parseAmount, subtract, zero } from '../quota/Amount.ts';
import { expression } from '../schema/scalarCauses.ts';
import { addAddresses } from './addressLibrary.ts';
import { addFormats } from './formatLibrary.ts';
import { addTexts } from './textLibrary.ts';
import { addUrls } from './urlLibrary.ts';
import { addVersions } from './versionLibrary.ts';

/** A quantity in an expression: `quantity('1Gi')`. */
class Quantity {
  constructor(readonly amount: Amount) {}
}

type Ordered = bigint | number | string;

/**
 * What Kubernetes adds to CEL's own functions for rules of schemas (k8s.io/apiserver, pkg/cel/library and
 * pkg/cel/environment/base.go, 1.33). What is not there, macros with two variables, is refused.
 */
export function addLibrary(environment: Environment): void {
  addStrings(environment);
  addLists(environment);
  addQuantities(environment);
  addTexts(environment);
  addAddresses(environment);
  addUrls(environment);
  addVersions(environment);
  addFormats(environment);
}

function addStrings(environment: Environment): void {
  environment
    .registerFunction('string.find(string): string', (value: string, pattern: string) =>
      search(value, pattern, 1).join(''),
    )
    .registerFunction('string.findAll(string): list<string>', (value: string, pattern: string) =>
      search(value, pattern, Infinity),
    )
    .registerFunction(
      'string.findAll(string, int): list<string>',
      (value: string, pattern: string, limit: bigint) =>
        search(value, pattern, limit < 0n ? Infinity : Number(limit)),
    )
    .registerFunction('string.charAt(int): string', (value: string, index: bigint) => {
      const characters = Array.from(value);
      if (index < 0n || index > characters.length) throw new Error('index out of range');
      return characters[Number(index)] ?? '';
    })
    .registerFunction(
      'string.replace(string, string): string',
      (value: string, a: string, b: string) => value.replaceAll(a, () => b),
    )
    .registerFunction(
      'string.replace(string, string, int): string',
      (value: string, a: string, b: string, limit: bigint) => {
        if (limit < 0n) return value.replaceAll(a, () => b);
        const parts = value.split(a);
        const cut = Math.min(Number(limit), parts.length - 1);
        return [...parts.slice(0, cut), parts.slice(cut).join(a)].join(b);
      },
    );
}

function search(value: string, pattern: string, limit: number): string[] {
  const found = expression(pattern);
  if (found === undefined) throw new Error(`invalid regular expression ${pattern}`);
  const matches = value.matchAll(new RegExp(found.source, `${found.flags}g`));
  return [...matches].slice(0, limit).map(([text]) => text);
}

function addLists(environment: Environment): void {
  const compare = (a: Ordered, b: Ordered) => (a < b ? -1 : a > b ? 1 : 0);
  for (const type of ['int', 'double', 'string'] as const) {
    environment
      .registerFunction(`list<${type}>.isSorted(): bool`, (list: readonly Ordered[]) =>
        list.every((item, index) => compare(list[index - 1] ?? item, item) <= 0),
      )
      .registerFunction(`list<${type}>.min(): ${type}`, (list: readonly Ordered[]) =>
        extreme(list, (a, b) => a < b),
      )
      .registerFunction(`list<${type}>.max(): ${type}`, (list: readonly Ordered[]) =>
        extreme(list, (a, b) => a > b),
      );
  }
  environment
    .registerFunction('list<int>.sum(): int', (list: readonly bigint[]) =>
      list.reduce((sum, item) => sum + item, 0n),
    )
    .registerFunction('list<double>.sum(): double', (list: readonly number[]) =>
      list.reduce((sum, item) => sum + item, 0),
    );
  for (const type of ['int', 'double', 'string', 'bool'] as const) {
    environment
      .registerFunction(`list<${type}>.indexOf(${type}): int`, (list: unknown[], item: unknown) =>
        BigInt(list.indexOf(item)),
      )
      .registerFunction(
        `list<${type}>.lastIndexOf(${type}): int`,
        (list: unknown[], item: unknown) => BigInt(list.lastIndexOf(item)),
      );
  }
}

function extreme<T extends Ordered>(list: readonly T[], isBetter: (a: T, b: T) => boolean): T {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error('min and max are not defined for an empty list');
  return rest.reduce((best, item) => (isBetter(item, best) ? item : best), first);
}

function addQuantities(environment: Environment): void {
  const of = 'kubernetes.Quantity';
  const order = (a: Quantity, b: Quantity) => {
    const difference = subtract(a.amount, b.amount).milli;
    return difference < 0n ? -1n : difference > 0n ? 1n : 0n;
  };
  const isWhole = ({ amount }: Quantity) => amount.milli % 1000n === 0n;
  environment
    .registerType(of, { ctor: Quantity, fields: {} })
    .registerFunction('isQuantity(string): bool', (text: string) => parseAmount(text) !== undefined)
    .registerFunction(`quantity(string): ${of}`, (text: string) => {
      const amount = parseAmount(text);
      if (amount === undefined) throw new Error(`${text} is not a quantity`);
      return new Quantity(amount);
    })
    .registerFunction(
      `${of}.isGreaterThan(${of}): bool`,
      (a: Quantity, b: Quantity) => order(a, b) > 0n,
    )
    .registerFunction(
      `${of}.isLessThan(${of}): bool`,
      (a: Quantity, b: Quantity) => order(a, b) < 0n,
    )
    .registerFunction(`${of}.compareTo(${of}): int`, order)
    .registerFunction(`${of}.sign(): int`, (a: Quantity) => order(a, new Quantity(zero)))
    .registerFunction(`${of}.isInteger(): bool`, isWhole)
    .registerFunction(`${of}.asInteger(): int`, (a: Quantity) => {
      if (!isWhole(a)) throw new Error('cannot convert value to integer');
      return a.amount.milli / 1000n;
    })
    .registerFunction(
      `${of}.asApproximateFloat(): double`,
      (a: Quantity) => Number(a.amount.milli) / 1000,
    )
    .registerFunction(
      `${of}.add(${of}): ${of}`,
      (a: Quantity, b: Quantity) => new Quantity(add(a.amount, b.amount)),
    )
    .registerFunction(
      `${of}.sub(${of}): ${of}`,
      (a: Quantity, b: Quantity) => new Quantity(subtract(a.amount, b.amount)),
    )
    .registerOperator(`${of} == ${of}`, (a: Quantity, b: Quantity) => order(a, b) === 0n);
}
