import { isRecord } from '~/k8s/isRecord';
import { parseQuantity } from '~/k8s/quantity';

import { readAt, writeAt } from './fieldAt';

interface FieldBase {
  /** Where in the object. */
  path: readonly string[];
  /** English text, which is also the i18n key; as is `help`. */
  label: string;
  help?: string;
  group: (typeof fieldGroups)[number]['id'];
  isRequired?: boolean;
  /** Given when the object is made, and never changed. */
  isIdentity?: boolean;
}

/** One field of a form over an object. Texts, numbers and quantities are edited as text. */
export type FormField = FieldBase &
  (
    | { kind: 'text' | 'longText' | 'quantity' | 'name' }
    /** The name of a project, to be chosen. */
    | { kind: 'project' }
    | { kind: 'number'; min: number; max?: number }
    /** `unset` names what an absent value means. */
    | { kind: 'choice'; choices: readonly { value: string; label: string }[]; unset?: string }
    /** Set or absent. */
    | { kind: 'flag' }
    /** Yes, no, or left to the cluster. */
    | { kind: 'decision' }
    /** Keys with values. */
    | { kind: 'pairs' }
    /** A list of `{ name, deviceName }`. */
    | { kind: 'devices' }
  );

export type Pairs = readonly (readonly [key: string, value: string])[];

/** Headings of the groups of fields, in the order in which they are shown. */
export const fieldGroups = [
  { id: 'general', label: 'General' },
  { id: 'compute', label: 'CPU and memory' },
  { id: 'cpu', label: 'CPUs' },
  { id: 'memory', label: 'Memory' },
  { id: 'firmware', label: 'Firmware' },
  { id: 'devices', label: 'Devices' },
  { id: 'requirements', label: 'Requirements' },
  { id: 'scheduling', label: 'Scheduling' },
  { id: 'other', label: 'Other' },
  { id: 'labels', label: 'Labels' },
] as const;

/** What is wrong with values, by what `fieldMistake` gives; all are keys of the locale file. */
export const fieldMistakes = {
  required: 'This is needed.',
  number: 'Give a whole number.',
  least: 'The number is too small.',
  most: 'The number is too large.',
  quantity: 'Give an amount such as 512Mi or 4Gi.',
  name: 'Use lower case letters, digits, hyphens and dots; begin and end with a letter or a digit.',
} as const;

/** Object names: RFC 1123 subdomains, 253 letters at most (apimachinery IsDNS1123Subdomain). */
const namePattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** The value as the field shows it. */
export function fieldText(object: object, field: FormField): string {
  const value = readAt(object, field.path);
  switch (field.kind) {
    case 'flag':
      return value === true ? 'true' : '';
    case 'decision':
      return typeof value === 'boolean' ? String(value) : '';
    default:
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }
}

/** The object with what is typed in the field. Text that is no number stays text, for the mistake to tell. */
export function withFieldText<T extends object>(object: T, field: FormField, text: string): T {
  switch (field.kind) {
    case 'number': {
      const isNumber = /^-?\d+$/.test(text.trim());
      return writeAt(object, field.path, text === '' ? undefined : isNumber ? Number(text) : text);
    }
    case 'flag':
      return writeAt(object, field.path, text === 'true' ? true : undefined);
    case 'decision':
      return writeAt(object, field.path, text === '' ? undefined : text === 'true');
    case 'quantity':
    case 'name':
    case 'project':
      return writeAt(object, field.path, text.trim() === '' ? undefined : text.trim());
    default:
      return writeAt(object, field.path, text === '' ? undefined : text);
  }
}

/** Keys with values, or names with device names. */
export function fieldPairs(object: object, field: FormField): Pairs {
  const value = readAt(object, field.path);
  if (field.kind === 'devices') {
    return (Array.isArray(value) ? value : []).flatMap((one: unknown) =>
      isRecord(one) ? [[textOf(one['name']), textOf(one['deviceName'])] as const] : [],
    );
  }
  return isRecord(value) ? Object.entries(value).map(([key, one]) => [key, textOf(one)]) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The object with other pairs; what else is known of a device stays with its name. */
export function withFieldPairs<T extends object>(object: T, field: FormField, pairs: Pairs): T {
  if (field.kind !== 'devices') {
    const value = Object.fromEntries(pairs.filter(([key]) => key !== ''));
    return writeAt(object, field.path, Object.keys(value).length === 0 ? undefined : value);
  }
  const before = readAt(object, field.path);
  const known = (Array.isArray(before) ? before : []).filter(isRecord);
  const devices = pairs.map(([name, deviceName]) => ({
    ...known.find((one) => one['name'] === name),
    ...{ name, deviceName },
  }));
  return writeAt(object, field.path, devices.length === 0 ? undefined : devices);
}

/** What is wrong with the value, or undefined. */
export function fieldMistake(
  object: object,
  field: FormField,
): keyof typeof fieldMistakes | undefined {
  const text = fieldText(object, field);
  if (text === '') return field.isRequired ? 'required' : undefined;
  switch (field.kind) {
    case 'number': {
      const number = Number(text);
      if (!Number.isInteger(number)) return 'number';
      if (number < field.min) return 'least';
      return field.max !== undefined && number > field.max ? 'most' : undefined;
    }
    case 'quantity':
      return (parseQuantity(text) ?? 0) > 0 ? undefined : 'quantity';
    case 'name':
    case 'project':
      return text.length <= 253 && namePattern.test(text) ? undefined : 'name';
    default:
      return undefined;
  }
}

/** Identifies a field, also to the server's causes: `spec.cpu.guest`. */
export function fieldId({ path }: FormField): string {
  return path.join('.');
}
