import { isObject } from '../json.ts';
import { emptySet, isEmptySet, type FieldSet, union } from './FieldSet.ts';

/** Who writes, and by which way. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** '' for the object itself. */
  readonly subresource: string;
}

/** The fields of one manager: an entry of `metadata.managedFields`. */
export interface ManagedEntry extends Manager {
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly fields: FieldSet;
}

/** More managers than these that only update are joined into one (k8s.io/apimachinery, capmanagers). */
const maxUpdateManagers = 10;
const joinedName = 'ancient-changes';

export function isSameManager(a: Manager, b: Manager): boolean {
  if (a.name !== b.name || a.operation !== b.operation || a.subresource !== b.subresource) {
    return false;
  }
  return a.operation === 'Apply' || a.apiVersion === b.apiVersion;
}

/** Reads `metadata.managedFields`; undefined when it is not in order. */
export function readManagedFields(value: unknown): ManagedEntry[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries: ManagedEntry[] = [];
  for (const item of value) {
    const entry = readEntry(item);
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  return entries;
}

function readEntry(item: unknown): ManagedEntry | undefined {
  if (!isObject(item)) return undefined;
  const {
    manager = '',
    operation,
    apiVersion,
    time = '',
    fieldsType,
    fieldsV1,
    subresource,
  } = item;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (typeof manager !== 'string' || typeof apiVersion !== 'string') return undefined;
  if (typeof time !== 'string' || fieldsType !== 'FieldsV1') return undefined;
  const fields = fieldsV1 ?? emptySet;
  if (!isFieldSet(fields)) return undefined;
  return {
    name: manager,
    operation,
    apiVersion,
    subresource: typeof subresource === 'string' ? subresource : '',
    time,
    fields,
  };
}

const elementPattern = /^(\.|f:.+|k:\{.*\}|v:.*|i:\d+)$/s;

function isFieldSet(value: unknown): value is FieldSet {
  if (!isObject(value)) return false;
  return Object.entries(value).every(
    ([element, below]) => elementPattern.test(element) && isFieldSet(below),
  );
}

/** The entries as they are stored and sent; '' when there is none. */
export function managedFieldsText(entries: readonly ManagedEntry[]): string {
  if (entries.length === 0) return '';
  return JSON.stringify(
    entries.map(({ name, operation, apiVersion, time, fields, subresource }) => ({
      manager: name,
      operation,
      apiVersion,
      ...(time === '' ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: fields,
      ...(subresource === '' ? {} : { subresource }),
    })),
  );
}

/** Reads what `managedFieldsText` made, which needs no check. */
export function parseManagedFields(text: string): readonly ManagedEntry[] {
  if (text === '') return [];
  const items = JSON.parse(text) as (Omit<Manager, 'name' | 'subresource'> & {
    manager: string;
    subresource?: string;
    time?: string;
    fieldsV1: FieldSet;
  })[];
  return items.map(({ manager, operation, apiVersion, time = '', fieldsV1, subresource = '' }) => ({
    name: manager,
    operation,
    apiVersion,
    subresource,
    time,
    fields: fieldsV1,
  }));
}

/** Appliers first, then by time and name, without the empty ones and with few enough updaters. */
export function inOrder(entries: readonly ManagedEntry[]): ManagedEntry[] {
  const used = entries.filter(({ fields }) => !isEmptySet(fields)).sort(compareEntries);
  return joinOldest(used);
}

function compareEntries(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time, b.time) ||
    compareText(a.name, b.name) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function joinOldest(entries: ManagedEntry[]): ManagedEntry[] {
  const updaters = entries.filter(({ operation }) => operation === 'Update');
  const surplus = updaters.length - maxUpdateManagers;
  if (surplus <= 0) return entries;
  const old = updaters
    .filter(({ name }) => name !== joinedName)
    .slice(0, surplus + (updaters.some(({ name }) => name === joinedName) ? 0 : 1));
  const joined = new Map<string, ManagedEntry>();
  for (const entry of [...updaters.filter(({ name }) => name === joinedName), ...old]) {
    const before = joined.get(entry.apiVersion);
    joined.set(entry.apiVersion, {
      name: joinedName,
      operation: 'Update',
      apiVersion: entry.apiVersion,
      subresource: '',
      time: entry.time,
      fields: before === undefined ? entry.fields : union(before.fields, entry.fields),
    });
  }
  const rest = entries.filter((entry) => !old.includes(entry) && entry.name !== joinedName);
  return [...rest, ...joined.values()].sort(compareEntries);
}
