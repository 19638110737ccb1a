import { expect, test } from 'vitest';
import { send } from './apiServerFixture.ts';
import {
  causesOf,
  definitionsPath,
  ship,
  shipDefinition,
  shipSchema,
  shipsPath,
  withShips,
} from './shipFixture.ts';

const merge = { 'content-type': 'application/merge-patch+json' };
const crewRule = { rule: '!has(self.code) || self.code != "OLD"', message: 'that code is over' };

/** The ship `ann`, after whose creation the schema of ships became stricter in all that it is. */
async function withStricterSchema() {
  const server = await withShips();
  const spec = {
    class: 'brig',
    replicas: 1,
    code: 'OLD',
    masts: [
      { name: 'fore', height: 1 },
      { name: 'main', height: 1 },
    ],
  };
  expect((await send(server, 'POST', shipsPath, ship('ann', spec))).code).toBe(201);
  const path = `${definitionsPath}/ships.harbour.example.com`;
  const { properties, ...rest } = shipSchema.properties.spec;
  const { masts } = properties;
  const height = { type: 'number', minimum: 5 };
  const stricter = {
    ...rest,
    'x-kubernetes-validations': [crewRule],
    properties: {
      ...properties,
      class: { type: 'string', enum: ['sloop'] },
      masts: {
        ...masts,
        items: { ...masts.items, properties: { name: { type: 'string' }, height } },
      },
    },
  };
  const openAPIV3Schema = { type: 'object', properties: { spec: stricter } };
  const [version] = shipDefinition().spec.versions;
  const body = { spec: { versions: [{ ...version, schema: { openAPIV3Schema } }] } };
  const changed = await send(server, 'PATCH', path, body, merge);
  expect(changed.code, JSON.stringify(changed.body)).toBe(200);
  return {
    create: () => send(server, 'POST', shipsPath, ship('bea', spec)),
    patch: (change: object) => send(server, 'PATCH', `${shipsPath}/ann`, change, merge),
  };
}

test('what was right when it was written stands in nobody’s way, but cannot be written again', async () => {
  const { create, patch } = await withStricterSchema();
  const labelled = await patch({ metadata: { labels: { port: 'kiel' } } });
  expect(labelled.code, JSON.stringify(labelled.body)).toBe(200);
  expect(causesOf(await create())).toHaveLength(3);
});

test('a change beside what is not right any more is let in', async () => {
  const { patch } = await withStricterSchema();
  const masts = [
    { name: 'main', height: 1 },
    { name: 'mizzen', height: 7 },
  ];
  const changed = await patch({ spec: { code: 'NEW', masts } });
  expect(changed.code, JSON.stringify(changed.body)).toBe(200);
});

test.each([
  ['a value', { spec: { code: 'NEW', class: 'ketch' } }, 'spec.class: Unsupported value: "ketch"'],
  [
    'an entry of a list with keys',
    { spec: { code: 'NEW', masts: [{ name: 'main', height: 2 }] } },
    'spec.masts[0].height: Invalid value: 2',
  ],
  [
    'what a rule looks at',
    { spec: { replicas: 2 } },
    'spec: Invalid value: "object": that code is over',
  ],
])('%s that changes has to be right', async (_what, change, cause) => {
  const { patch } = await withStricterSchema();
  const causes = causesOf(await patch(change));
  expect(causes).toHaveLength(1);
  expect(causes?.[0]).toContain(cause);
});
