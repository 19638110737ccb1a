import { parseQuantity } from '~/k8s/quantity';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { inCidr } from '~/kubevirt/search/cidr';

export type SearchOperator = ':' | '=' | '>' | '<' | '>=' | '<=';

export type RowTest = (row: VmListRow) => boolean;

/** Something that can be asked by name. */
export interface SearchField {
  name: string;
  /** Something that can be typed after the name. */
  example: string;
  /** What a row offers for completion; undefined for fields of numbers and times. */
  values: ((row: VmListRow) => readonly string[]) | undefined;
  /** Undefined when the value, or the operator, cannot be understood. `now` is in milliseconds. */
  test: (operator: SearchOperator, value: string, now: number) => RowTest | undefined;
}

/** A field of text: `:` finds a part, `=` the whole; upper and lower case are the same. */
function text(
  name: string,
  example: string,
  values: (row: VmListRow) => readonly string[],
): SearchField {
  return {
    name,
    example,
    values,
    test: (operator, value) => {
      const wanted = value.toLowerCase();
      if (operator === '=') return (row) => values(row).some((one) => one.toLowerCase() === wanted);
      if (operator !== ':') return undefined;
      return (row) => values(row).some((one) => one.toLowerCase().includes(wanted));
    },
  };
}

function compare(operator: SearchOperator, left: number, right: number): boolean {
  switch (operator) {
    case '>':
      return left > right;
    case '<':
      return left < right;
    case '>=':
      return left >= right;
    case '<=':
      return left <= right;
    case ':':
    case '=':
      return left === right;
  }
}

/** A field of numbers; a row without one never matches. */
function amount(
  name: string,
  example: string,
  of: (row: VmListRow, now: number) => number | undefined,
  parse: (value: string) => number | undefined,
): SearchField {
  return {
    name,
    example,
    values: undefined,
    test: (operator, value, now) => {
      const wanted = parse(value);
      if (wanted === undefined) return undefined;
      return (row) => {
        const is = of(row, now);
        return is !== undefined && compare(operator, is, wanted);
      };
    },
  };
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1e3,
  m: 60e3,
  h: 3600e3,
  d: 86_400e3,
  w: 604_800e3,
};

/** `90m`, `12h`, `7d`, `2w` as milliseconds. */
function parseAge(value: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([smhdw])$/i.exec(value) ?? [];
  const factor = unitMs[unit.toLowerCase()];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

/** `8Gi`, `8GiB`, `8gib`, and as people write it `8G`, `8GB`: binary units in all cases. Bytes. */
function parseMemory(value: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(value) ?? [];
  if (number === undefined) return undefined;
  return parseQuantity(unit === '' ? number : `${number}${unit.toUpperCase()}i`);
}

function parseCount(value: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** `2026-01` matches all of January; with `<` and `>` the beginning of what is written counts. */
const created: SearchField = {
  name: 'created',
  example: 'created>2026-01-31',
  values: undefined,
  test: (operator, value) => {
    if (!/^\d{4}(-\d\d(-\d\d(T[\d:]*Z?)?)?)?$/.test(value)) return undefined;
    switch (operator) {
      case ':':
      case '=':
        return (row) => row.created.startsWith(value);
      case '>':
      case '>=':
        return (row) => row.created >= value;
      case '<':
      case '<=':
        return (row) => row.created !== '' && row.created < value;
    }
  },
};

const ips = ({ ip, moreIps }: VmListRow): readonly string[] => (ip === '' ? [] : [ip, ...moreIps]);
const ipText = text('ip', 'ip:10.0.0.0/24', ips);

/** An address begins with what is written, or lies in the network `10.0.0.0/24`. */
const ip: SearchField = {
  ...ipText,
  test: (operator, value, now) => {
    if (operator !== ':' || !value.includes('/')) return ipText.test(operator, value, now);
    const isInside = inCidr(value);
    return isInside && ((row) => ips(row).some(isInside));
  },
};

const properties: Readonly<Record<string, (row: VmListRow) => boolean>> = {
  running: (row) => row.vmiPhase === 'Running',
  protected: (row) => row.isProtected,
  troubled: (row) => row.problem !== undefined,
  migratable: (row) => row.vmiPhase === 'Running' && row.notMigratable === undefined,
  agent: (row) => row.hasAgent,
  grouped: (row) => row.group !== '',
};

const is: SearchField = {
  name: 'is',
  example: `is:${Object.keys(properties).join(',')}`,
  values: (row) => Object.keys(properties).filter((name) => properties[name]?.(row)),
  test: (operator, value) => (operator === ':' ? properties[value.toLowerCase()] : undefined),
};

/** All that can be asked by name, in the order in which it is offered. */
export const searchFields: readonly SearchField[] = [
  text('name', 'name:web', (row) => [row.name]),
  text('status', 'status:running', (row) => [row.status]),
  text('project', 'project:shop', (row) => [row.namespace]),
  text('group', 'group:web', (row) => (row.group === '' ? [] : [row.group])),
  text('node', 'node:worker-1', (row) => (row.node === '' ? [] : [row.node])),
  ip,
  text('mac', 'mac:02:00', (row) => row.macs),
  text('os', 'os:fedora', (row) => (row.os === '' ? [] : [row.os])),
  text('label', 'label:app=web', (row) => row.labels),
  text('instancetype', 'instancetype:u1.small', (row) =>
    row.instancetype === '' ? [] : [row.instancetype],
  ),
  text('storageclass', 'storageclass:fast', (row) => row.storageClasses),
  text('condition', 'condition:Ready=True', (row) => row.conditions),
  amount('cpu', 'cpu>=4', (row) => row.vcpus, parseCount),
  amount('memory', 'memory<8Gi', (row) => row.memoryBytes, parseMemory),
  amount('age', 'age>7d', (row, now) => now - Date.parse(row.created), parseAge),
  created,
  is,
];
