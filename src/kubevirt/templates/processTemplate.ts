import { isRecord } from '~/k8s/isRecord';

import { readAt, writeAt } from '../catalog/fieldAt';
import { generateValue } from './generateValue';
import {
  type AnyTemplate,
  messageOf,
  objectsOf,
  parametersOf,
  type TemplateParameter,
} from './templateRow';

/** Why a template cannot be processed with these values; texts are keys of the locale file. */
export const templateMistakes = {
  required: 'This is needed.',
  expression: 'The template has no sound expression for this value: give one.',
} as const;

export type TemplateMistake = keyof typeof templateMistakes;

export interface Processed {
  objects: object[];
  message: string;
}

/** What is wrong with the value of a parameter. An empty value is made where the template says how. */
export function parameterMistake(
  { value = '', generate, from = '', required }: TemplateParameter,
  typed: string | undefined,
): TemplateMistake | undefined {
  if ((typed ?? value) !== '') return undefined;
  if (generate === 'expression') return generateValue(from) ? undefined : 'expression';
  return required === true ? 'required' : undefined;
}

/** `${KEY}` anywhere in a text. */
const inText = /\$\{([a-zA-Z0-9_]+)\}/g;
/** `${{KEY}}` as the whole text: the value keeps its type. */
const asValue = /^\$\{\{([a-zA-Z0-9_]+)\}\}$/;

/**
 * The objects of a template with the values of its parameters: what is typed, else the template's own,
 * else a generated one. References to parameters that there are not stay, as `oc process` leaves them.
 * A fixed namespace is dropped. (openshift/library-go pkg/template/templateprocessing)
 */
export function processTemplate(
  template: AnyTemplate,
  typed: Readonly<Record<string, string>>,
): Processed {
  const values = new Map(
    parametersOf(template).map(({ name, value = '', generate, from = '' }) => {
      const own = (typed[name] ?? '') || value;
      const made = own === '' && generate === 'expression' ? generateValue(from) : own;
      return [name, made ?? ''] as const;
    }),
  );
  const substitute = (value: unknown): unknown => {
    if (typeof value === 'string') return substituteText(value, values);
    if (Array.isArray(value)) return value.map(substitute);
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [inString(key, values), substitute(one)]),
    );
  };
  const objects = objectsOf(template).map((object) => {
    const made = substitute(withoutNamespace(object));
    return labelled(isRecord(made) ? made : {}, template.labels, values);
  });
  return { objects, message: inString(messageOf(template), values) };
}

type Values = ReadonlyMap<string, string>;

function inString(text: string, values: Values): string {
  return text.replaceAll(inText, (reference, name: string) => values.get(name) ?? reference);
}

function substituteText(text: string, values: Values): unknown {
  const value = values.get(asValue.exec(text)?.[1] ?? '');
  if (value === undefined) return inString(text, values);
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // Text that is no JSON is a string without its quotes.
    return value;
  }
}

function withoutNamespace(object: object): object {
  const namespace = readAt(object, ['metadata', 'namespace']);
  const isFixed = typeof namespace === 'string' && namespace.search(inText) < 0;
  return isFixed ? writeAt(object, ['metadata', 'namespace'], undefined) : object;
}

function labelled(
  object: Record<string, unknown>,
  labels: Readonly<Record<string, string>> | undefined,
  values: Values,
): object {
  if (!labels) return object;
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
  const own = isRecord(metadata['labels']) ? metadata['labels'] : {};
  const added: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(labels))
    added[inString(key, values)] = inString(value, values);
  return {
    ...object,
    metadata: { ...metadata, labels: { ...own, ...added } },
  };
}
