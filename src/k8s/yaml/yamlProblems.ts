import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, parseDocument } from 'yaml';

import type { FailureCause } from '~/k8s/errors';

import type { FieldPath, OpenApi, Schema } from './openApi';

/** Something wrong with a part of a text. Offsets count letters from its beginning. */
export interface YamlProblem {
  from: number;
  to: number;
  isError: boolean;
  what:
    | { kind: 'syntax'; message: string }
    | { kind: 'unknownField'; name: string }
    | { kind: 'wrongType'; expected: string }
    | { kind: 'notOneOf'; values: readonly string[] }
    | { kind: 'missing'; name: string }
    /** The server's own words. */
    | { kind: 'refused'; message: string };
}

function rangeOf(node: unknown, whole: number): { from: number; to: number } {
  const [from = 0, to = whole] = (isNode(node) ? node.range : undefined) ?? [];
  return { from, to: Math.max(from, to) };
}

/** What does not fit, by the schema; a server may refuse more, by its rules. */
export function yamlProblems(
  text: string,
  kind: string,
  api: OpenApi | undefined,
): readonly YamlProblem[] {
  const document = parseDocument(text);
  const problems = document.errors.map(({ pos: [from, to], message }): YamlProblem => ({
    ...{ from: Math.min(from, text.length), to: Math.min(Math.max(to, from), text.length) },
    isError: true,
    // The package adds the place, and a picture of it.
    what: { kind: 'syntax', message: message.split(' at line')[0] ?? message },
  }));
  if (api === undefined || problems.length > 0) return problems;
  return [...problems, ...walk(document.contents, [])];

  function walk(node: unknown, path: FieldPath): YamlProblem[] {
    const schema = api?.at(kind, path);
    if (schema === undefined || !isNode(node) || isAlias(node)) return [];
    const at = rangeOf(node, text.length);
    const wrong = wrongValue(node, schema);
    if (wrong) return [{ ...at, isError: true, what: wrong }];
    if (isSeq(node)) return node.items.flatMap((item, index) => walk(item, [...path, index]));
    if (!isMap(node)) return [];
    const names = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
    const missing = schema.required.filter((name) => !names.includes(name));
    const start = { from: at.from, to: Math.min(at.to, endOfLine(text, at.from)) };
    const lacks = missing.map((name): YamlProblem => ({
      ...{ ...start, isError: false },
      what: { kind: 'missing', name },
    }));
    const within = node.items.flatMap(({ key, value }): YamlProblem[] => {
      const name = isScalar(key) ? String(key.value) : '';
      if (!schema.isMap && !schema.fields.includes(name)) {
        const what = { kind: 'unknownField', name } as const;
        return [{ ...rangeOf(key, text.length), isError: false, what }];
      }
      return walk(value, [...path, name]);
    });
    return [...lacks, ...within];
  }
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

function wrongValue(node: Node, { type, enumValues }: Schema): YamlProblem['what'] | undefined {
  // `key:` without a value says nothing.
  if (isScalar(node) && node.value === null) return undefined;
  const expects = (isRight: boolean) =>
    isRight ? undefined : ({ kind: 'wrongType', expected: type } as const);
  switch (type) {
    case 'object':
      return expects(isMap(node));
    case 'array':
      return expects(isSeq(node));
    case 'string':
      if (isScalar(node) && enumValues.length > 0 && !enumValues.includes(String(node.value))) {
        return { kind: 'notOneOf', values: enumValues };
      }
      // Quantities are said to be strings and may be numbers.
      return expects(isScalar(node) && typeof node.value !== 'boolean');
    case 'integer':
    case 'number':
      return expects(isScalar(node) && typeof node.value === 'number');
    case 'boolean':
      return expects(isScalar(node) && typeof node.value === 'boolean');
    default:
      return undefined;
  }
}

/** `spec.template.spec.volumes[0].name` as keys and numbers. */
export function fieldPath(field: string): FieldPath {
  return [...field.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) =>
    index === undefined ? (key ?? '') : Number(index),
  );
}

/** Causes of a refusal at the lines that they name, or at the nearest part that the text has. */
export function refusedAt(text: string, causes: readonly FailureCause[]): readonly YamlProblem[] {
  const document = parseDocument(text);
  return causes.map(({ field, message }) => {
    let path = fieldPath(field);
    let node: unknown = document.contents;
    for (; path.length > 0; path = path.slice(0, -1)) {
      const found = document.getIn(path, true);
      if (isNode(found) || isPair(found)) {
        node = found;
        break;
      }
    }
    const { from, to } = rangeOf(node, text.length);
    // A whole object would colour the page: its first line stands for it.
    return {
      ...{ from, to: Math.min(to, endOfLine(text, from)), isError: true },
      what: { kind: 'refused', message },
    };
  });
}
