import { describe, expect, it } from 'vitest';

import { OpenApi } from './openApi';
import { yamlPlace } from './yamlPlace';
import { fieldPath, refusedAt, yamlProblems } from './yamlProblems';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const api = new OpenApi({
  components: {
    schemas: {
      Vm: {
        'x-kubernetes-group-version-kind': [{ group: 'kubevirt.io', version: 'v1', kind: 'Vm' }],
        type: 'object',
        properties: { spec: { allOf: [ref('Spec')], description: 'What is wanted' } },
      },
      Spec: {
        type: 'object',
        required: ['cpu'],
        properties: {
          cpu: { type: 'integer', description: 'How many' },
          strategy: { type: 'string', enum: ['Always', 'Halted'] },
          on: { type: 'boolean' },
          labels: { type: 'object', additionalProperties: { type: 'string' } },
          volumes: { type: 'array', items: ref('Volume') },
        },
      },
      Volume: { type: 'object', properties: { name: { type: 'string' }, parent: ref('Volume') } },
    },
  },
});

/** The text without its `|`, and where that was. */
function marked(text: string): [string, number] {
  return [text.replace('|', ''), text.indexOf('|')];
}

describe('OpenApi', () => {
  it('knows fields by their path, through references, lists and maps', () => {
    expect(api.at('Vm', ['spec'])).toMatchObject({
      description: 'What is wanted',
      fields: ['cpu', 'strategy', 'on', 'labels', 'volumes'],
    });
    expect(api.at('Vm', ['spec', 'volumes', 0, 'parent', 'name'])?.type).toBe('string');
    expect(api.at('Vm', ['spec', 'labels', 'any'])?.type).toBe('string');
    expect(api.at('Vm', ['spec', 'labels'])?.isMap).toBe(true);
    expect(api.at('Vm', ['spec', 'absent'])).toBeUndefined();
    expect(api.at('Other', [])).toBeUndefined();
  });
});

describe('yamlPlace', () => {
  it.each([
    ['sp|', { parent: [], key: undefined, prefix: 'sp' }],
    ['spec:\n  c|', { parent: ['spec'], prefix: 'c' }],
    ['spec:\n  cpu: |\n', { parent: ['spec'], key: 'cpu', prefix: '' }],
    ['spec:\n  strategy: Al|', { parent: ['spec'], key: 'strategy', prefix: 'Al' }],
    ['spec:\n  volumes:\n  - na|', { parent: ['spec', 'volumes', 0], prefix: 'na' }],
    ['spec:\n  volumes:\n    - name: a\n      pa|', { parent: ['spec', 'volumes', 0] }],
    ['spec:\n  volumes:\n    - name: a\n    - |', { parent: ['spec', 'volumes', 0], prefix: '' }],
    ['spec:\n  volumes:\n  - name: a\n  o|', { parent: ['spec'], prefix: 'o' }],
  ])('finds where %j is', (text, expected) => {
    expect(yamlPlace(...marked(text))).toMatchObject(expected);
  });

  it('tells the keys that are there already, of this item alone', () => {
    const [text, offset] = marked('spec:\n  on: true\n  |\n  cpu: 1\nstatus: {}\n');
    expect(yamlPlace(text, offset)?.siblings).toEqual(['on', 'cpu']);
    const items = marked('volumes:\n- name: a\n- p|\n- parent: {}\n');
    expect(yamlPlace(...items)?.siblings).toEqual([]);
  });

  it('says nothing inside a text of several lines', () => {
    expect(
      yamlPlace(...marked('spec:\n  script: |-\n    ec|'.replace('|-', '>-'))),
    ).toBeUndefined();
  });
});

describe('yamlProblems', () => {
  const found = (text: string) =>
    yamlProblems(text, 'Vm', api).map(({ from, to, what }) => [text.slice(from, to), what.kind]);

  it('marks what does not fit the schema, where it stands', () => {
    const text =
      'spec:\n  cpu: many\n  strategy: Never\n  on: "yes"\n  colour: red\n  labels: {a: b}\n  volumes:\n    - name: {}\n';
    expect(found(text)).toEqual([
      ['many', 'wrongType'],
      ['Never', 'notOneOf'],
      ['"yes"', 'wrongType'],
      ['colour', 'unknownField'],
      ['{}', 'wrongType'],
    ]);
  });

  it('finds nothing wrong with what fits, and mistakes of syntax without a schema', () => {
    expect(found('spec:\n  cpu: 1\n  on: true\n  strategy: Always\n')).toEqual([]);
    expect(found('spec:\n  on: true\n')).toEqual([['on: true', 'missing']]);
    const [problem] = yamlProblems('spec: [1\ncpu: 2', 'Vm', undefined);
    expect(problem).toMatchObject({ isError: true, what: { kind: 'syntax' } });
  });

  it('puts a refusal at the line that it names, or at the nearest part', () => {
    const text = 'spec:\n  volumes:\n    - name: a\n';
    const at = (field: string) =>
      refusedAt(text, [{ field, message: 'no', reason: '' }]).map(({ from, to }) =>
        text.slice(from, to),
      );
    expect(at('spec.volumes[0].name')).toEqual(['a']);
    expect(at('spec.volumes[0].size')).toEqual(['name: a']);
    expect(fieldPath('spec.volumes[0].name')).toEqual(['spec', 'volumes', 0, 'name']);
  });
});
