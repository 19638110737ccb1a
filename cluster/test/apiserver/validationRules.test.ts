import { expect, test } from 'vitest';
import { send, startServer } from './apiServerFixture.ts';
import { causesOf, definitionsPath, ship, shipDefinition, shipsPath } from './shipFixture.ts';

const merge = { 'content-type': 'application/merge-patch+json' };
const schemaPath = 'spec.versions[0].schema.openAPIV3Schema.properties[spec]';

type Rules = readonly object[];

/** A ship whose spec keeps the rules; `more` are further parts of its schema. */
function specSchema(rules: Rules, more: object = {}) {
  return {
    type: 'object',
    'x-kubernetes-validations': rules,
    properties: {
      crew: { type: 'integer' },
      max: { type: 'integer' },
      name: { type: 'string' },
      due: { type: 'string', format: 'date-time' },
      'sail-area': { type: 'number' },
      port: { 'x-kubernetes-int-or-string': true },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      masts: {
        type: 'array',
        maxItems: 10,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string' }, height: { type: 'integer' } },
        },
      },
      ...more,
    },
  };
}

function definition(rules: Rules, more: object = {}) {
  const openAPIV3Schema = { type: 'object', properties: { spec: specSchema(rules, more) } };
  return shipDefinition({
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
  });
}

async function withRules(rules: Rules, more: object = {}) {
  const server = await startServer({ resources: [] });
  const made = await send(server, 'POST', definitionsPath, definition(rules, more));
  expect(made.code, JSON.stringify(made.body)).toBe(201);
  expect(made.headers['warning']).toBeUndefined();
  return {
    create: (spec: object) => send(server, 'POST', shipsPath, ship('ann', spec)),
    patch: (spec: object) => send(server, 'PATCH', `${shipsPath}/ann`, { spec }, merge),
  };
}

test.each<[string, object, object]>([
  ['self.crew <= self.max', { crew: 1, max: 2 }, { crew: 3, max: 2 }],
  ['!has(self.name) || self.name.matches("^[a-z]+$")', {}, { name: 'B4' }],
  [
    'self.due < timestamp("2030-01-01T00:00:00Z")',
    { due: '2026-01-01T00:00:00Z' },
    { due: '2031-01-01T00:00:00Z' },
  ],
  ['self.sail__dash__area > 1.5', { 'sail-area': 2 }, { 'sail-area': 1 }],
  ['type(self.port) == int ? self.port > 0 : self.port == "any"', { port: 'any' }, { port: 0 }],
  [
    'self.masts.all(m, m.height > 0)',
    { masts: [{ name: 'a', height: 1 }] },
    { masts: [{ name: 'a', height: 0 }] },
  ],
  [
    'self.masts.map(m, m.name).exists(n, n == "main")',
    { masts: [{ name: 'main' }] },
    { masts: [{ name: 'a' }] },
  ],
  ['self.labels.all(k, k.startsWith("x"))', { labels: { xa: '1' } }, { labels: { a: '1' } }],
  ['self.?name.orValue("none") == "none"', {}, { name: 'b' }],
  ['quantity(self.name).isLessThan(quantity("1Gi"))', { name: '1Mi' }, { name: '2Gi' }],
  [
    'self.masts.map(m, m.height).sum() < 5',
    { masts: [{ name: 'a', height: 1 }] },
    { masts: [{ name: 'a', height: 6 }] },
  ],
  ['self.name.find("[0-9]+") == "42"', { name: 'ship-42' }, { name: 'ship' }],
])('%s', async (rule, good, bad) => {
  const { create } = await withRules([{ rule, message: 'that is not so' }]);
  expect(causesOf(await create(bad))).toEqual(['spec: Invalid value: "object": that is not so']);
  const { code, body } = await create(good);
  expect(code, JSON.stringify(body)).toBe(201);
});

test('a rule says its message, its reason and its place', async () => {
  const { create } = await withRules([
    {
      rule: 'self.crew < 9',
      messageExpression: '"crew of " + string(self.crew)',
      message: 'too many',
    },
    { rule: 'self.crew < 8', messageExpression: 'self.name', message: 'far too many' },
    { rule: 'self.max > 0', fieldPath: '.max', reason: 'FieldValueForbidden' },
    {
      rule: 'has(self.labels)',
      fieldPath: '.labels',
      reason: 'FieldValueRequired',
      message: 'label it',
    },
    { rule: 'self.name == "x"' },
  ]);
  expect(causesOf(await create({ crew: 9, max: 0 }))).toEqual([
    'spec: Invalid value: "object": crew of 9',
    'spec: Invalid value: "object": far too many',
    'spec.max: Forbidden: failed rule: self.max > 0',
    'spec.labels: Required value: label it',
    'spec: Invalid value: "object": No such key: name evaluating rule: failed rule: self.name == "x"',
  ]);
});

test('a rule of changes is asked when there was something before', async () => {
  const { create, patch } = await withRules([
    { rule: 'self.max >= oldSelf.max', message: 'max cannot shrink' },
    {
      rule: 'oldSelf.hasValue() || self.crew == 1',
      optionalOldSelf: true,
      message: 'begins with 1',
    },
  ]);
  expect(causesOf(await create({ max: 5, crew: 2 }))).toEqual([
    'spec: Invalid value: "object": begins with 1',
  ]);
  expect((await create({ max: 5, crew: 1 })).code).toBe(201);
  expect((await patch({ max: 6, crew: 2 })).code).toBe(200);
  expect(causesOf(await patch({ max: 4 }))).toEqual([
    'spec: Invalid value: "object": max cannot shrink',
  ]);
});

test('entries of a list with keys are compared with what they were', async () => {
  const height = {
    type: 'integer',
    'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'grows only' }],
  };
  const spars = {
    type: 'array',
    maxItems: 5,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, height } },
  };
  const { create, patch } = await withRules([], { spars });
  await create({
    spars: [
      { name: 'a', height: 3 },
      { name: 'b', height: 5 },
    ],
  });
  const moved = {
    spars: [
      { name: 'b', height: 6 },
      { name: 'new', height: 1 },
      { name: 'a', height: 2 },
    ],
  };
  expect(causesOf(await patch(moved))).toEqual([
    'spec.spars[2].height: Invalid value: "integer": grows only',
  ]);
});

test('equal objects are equal, whichever way their fields stand', async () => {
  const inner = { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'integer' } } };
  const { create, patch } = await withRules(
    [{ rule: 'self.inner == oldSelf.inner', message: 'inner is immutable' }],
    { inner },
  );
  await create({ inner: { a: 1, b: 2 } });
  expect((await patch({ inner: { b: 2, a: 1 }, crew: 2 })).code).toBe(200);
  expect(causesOf(await patch({ inner: { a: 2 } }))).toEqual([
    'spec: Invalid value: "object": inner is immutable',
  ]);
});

const atomicItems = {
  type: 'array',
  items: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] },
};
const unbounded = { type: 'array', items: { type: 'string' } };

test.each<[string, Rules, object, RegExp]>([
  [
    'cannot be read',
    [{ rule: 'self.crew >' }],
    {},
    /\[0\]\.rule: Invalid value: "self\.crew >": compilation failed: /,
  ],
  ['names no field', [{ rule: 'self.sails > 1' }], {}, /compilation failed: No such key: sails/],
  ['mixes types', [{ rule: 'self.crew == self.name' }], {}, /no such overload: int == string/],
  ['gives no bool', [{ rule: 'self.crew' }], {}, /cel expression must evaluate to a bool/],
  [
    'calls what is not there',
    [{ rule: 'authorizer.path(self.name).check("get").allowed()' }],
    {},
    /Unknown variable: authorizer/,
  ],
  [
    'loops by two variables',
    [{ rule: 'self.masts.all(i, mast, mast.height > i)' }],
    {},
    /Unknown variable: i/,
  ],
  ['is empty', [{ rule: ' ' }], {}, /\[0\]\.rule: Required value: rule is not specified/],
  [
    'has a message of two lines',
    [{ rule: 'true', message: 'a\nb' }],
    {},
    /must not contain line breaks/,
  ],
  [
    'has a message that is no text',
    [{ rule: 'true', messageExpression: 'self.crew' }],
    {},
    /messageExpression must evaluate to a string/,
  ],
  [
    'has another reason',
    [{ rule: 'true', reason: 'Because' }],
    {},
    /reason: Unsupported value: "Because"/,
  ],
  ['points nowhere', [{ rule: 'true', fieldPath: '.sails' }], {}, /fieldPath must be a valid path/],
  [
    'knows no before',
    [],
    { crews: atomicItems },
    /oldSelf cannot be used on the uncorrelatable portion of the schema within/,
  ],
  [
    'takes too long',
    [{ rule: 'self.crews.all(a, self.crews.exists(b, a != b))' }],
    { crews: unbounded },
    /rule: Forbidden: estimated rule cost exceeds budget/,
  ],
])('a definition whose rule %s is refused', async (_what, rules, more, problem) => {
  const server = await startServer({ resources: [] });
  const reply = await send(server, 'POST', definitionsPath, definition(rules, more));
  expect(reply.code).toBe(422);
  const causes = causesOf(reply) ?? [];
  expect(causes).toHaveLength(1);
  expect(causes[0]).toMatch(problem);
  expect(causes[0]).toContain(schemaPath);
});
