import type { Environment } from '@marcbachmann/cel-js';
import { jsonEqual } from '../json.ts';

/** Stand for what is before the dot in `strings.quote(text)` and `sets.contains(list, list)`. */
class Strings {
  readonly prefix = 'strings';
}
class Sets {
  readonly prefix = 'sets';
}

/** `format` and `quote` of texts, and lists as sets (cel-go, ext/strings.go and ext/sets.go). */
export function addTexts(environment: Environment): void {
  environment
    .registerType('kubernetes.Strings', { ctor: Strings, fields: {} })
    .registerConstant('strings', 'kubernetes.Strings', new Strings())
    .registerFunction('kubernetes.Strings.quote(string): string', (_self: Strings, text: string) =>
      quote(text),
    )
    .registerFunction('string.format(list): string', (text: string, values: readonly unknown[]) =>
      formatted(text, values),
    );
  const includes = (list: readonly unknown[], item: unknown) =>
    list.some((other) => jsonEqual(other, item));
  const contains = (list: readonly unknown[], sub: readonly unknown[]) =>
    sub.every((item) => includes(list, item));
  type Lists = readonly [self: Sets, a: readonly unknown[], b: readonly unknown[]];
  environment
    .registerType('kubernetes.Sets', { ctor: Sets, fields: {} })
    .registerConstant('sets', 'kubernetes.Sets', new Sets())
    .registerFunction('kubernetes.Sets.contains(list, list): bool', (...[, a, b]: Lists) =>
      contains(a, b),
    )
    .registerFunction(
      'kubernetes.Sets.equivalent(list, list): bool',
      (...[, a, b]: Lists) => contains(a, b) && contains(b, a),
    )
    .registerFunction('kubernetes.Sets.intersects(list, list): bool', (...[, a, b]: Lists) =>
      a.some((item) => includes(b, item)),
    );
}

const escapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const quote = (text: string) =>
  `"${Array.from(text, (character) => escapes[character] ?? character).join('')}"`;

/** `'%s has %d'.format([name, count])`. */
function formatted(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replaceAll(
    /%(?:\.(\d+))?(.)/gs,
    (_clause, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (next >= values.length) throw new Error(`index ${next} out of range`);
      const value = values[next];
      next += 1;
      return clause(verb, value, precision === undefined ? 6 : Number(precision));
    },
  );
}

function clause(verb: string, value: unknown, precision: number): string {
  const whole = () => {
    if (typeof value === 'bigint') return value;
    throw new Error(`%${verb} takes a whole number`);
  };
  const fraction = () => {
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
    throw new Error(`%${verb} takes a number`);
  };
  const hexadecimal = () =>
    typeof value === 'string' ? Buffer.from(value).toString('hex') : whole().toString(16);
  switch (verb) {
    case 's':
      return textOf(value);
    case 'd':
      return whole().toString();
    case 'f':
      return fraction().toFixed(precision);
    case 'e':
      return fraction()
        .toExponential(precision)
        .replace(/e([+-])(\d)$/, 'e$10$2');
    case 'b':
      return typeof value === 'boolean' ? (value ? '1' : '0') : whole().toString(2);
    case 'o':
      return whole().toString(8);
    case 'x':
      return hexadecimal();
    case 'X':
      return hexadecimal().toUpperCase();
    default:
      throw new Error(
        `could not parse formatting clause: unrecognized formatting clause "${verb}"`,
      );
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype
  ) {
    const entries = Object.entries(value).map(([name, item]) => `${name}: ${textOf(item)}`);
    return `{${entries.sort().join(', ')}}`;
  }
  return String(value);
}
