import { expect, test } from 'vitest';
import { customResourceDefinitions } from '../../src/client/resources.ts';
import { send, startServer } from './apiServerFixture.ts';
import {
  causesOf,
  definitionsPath,
  shipDefinition,
  shipSchema,
  shipsPath,
  withShips,
} from './shipFixture.ts';

test.each([
  [
    'another name',
    { ...shipDefinition(), metadata: { name: 'boats.harbour.example.com' } },
    'metadata.name: Invalid value: "boats.harbour.example.com": must be spec.names.plural+"."+spec.group',
  ],
  [
    'no schema',
    shipDefinition({}, { schema: undefined }),
    'spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required',
  ],
  [
    'a field without a type',
    shipDefinition(
      {},
      { schema: { openAPIV3Schema: { type: 'object', properties: { spec: {} } } } },
    ),
    'spec.versions[0].schema.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields',
  ],
  [
    'a conversion webhook without an address',
    shipDefinition({ conversion: { strategy: 'Webhook' } }),
    'spec.conversion.webhook.clientConfig: Required value: required when strategy is set to Webhook',
  ],
  [
    'a default that does not fit',
    shipDefinition(
      {},
      {
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'integer', default: 'x' } },
          },
        },
      },
    ),
    'spec.versions[0].schema.openAPIV3Schema.properties[spec].default: Invalid value: "string":  in body must be of type integer: "string"',
  ],
  [
    'a column that cannot be evaluated',
    shipDefinition(
      {},
      { additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: '.spec[?(' }] },
    ),
    'spec.versions[0].additionalPrinterColumns[0].jsonPath: Invalid value: ".spec[?(": is not a JSON path that is understood',
  ],
])('a definition with %s is refused', async (_what, definition, expected) => {
  const server = await startServer({ resources: [] });
  const refused = await send(server, 'POST', definitionsPath, definition);
  expect(refused.code).toBe(422);
  expect(causesOf(refused)).toContain(expected);
});

test('a kind that is taken waits until its holder goes', async () => {
  const server = await withShips();
  const rival = {
    ...shipDefinition({
      names: { kind: 'Ship', plural: 'vessels', singular: 'vessel', listKind: 'VesselList' },
    }),
    metadata: { name: 'vessels.harbour.example.com' },
  };
  const made = await send(server, 'POST', definitionsPath, rival);
  expect(made.body['status']).toMatchObject({
    conditions: [
      {
        type: 'NamesAccepted',
        status: 'False',
        reason: 'KindConflict',
        message: '"Ship" is already in use',
      },
      { type: 'Established', status: 'False', reason: 'NotAccepted' },
    ],
  });
  const vessels = shipsPath.replace('ships', 'vessels');
  expect((await send(server, 'GET', vessels)).code).toBe(404);
  await send(server, 'DELETE', `${definitionsPath}/ships.harbour.example.com`);
  await expect.poll(async () => (await send(server, 'GET', vessels)).code).toBe(200);
});

test('what is fixed stays: group, plural, and the versions that objects are stored in', async () => {
  const server = await withShips();
  const path = `${definitionsPath}/ships.harbour.example.com`;
  const merge = { 'content-type': 'application/merge-patch+json' };
  const refused = await send(server, 'PATCH', path, { spec: { scope: 'Cluster' } }, merge);
  expect(causesOf(refused)).toEqual(['spec.scope: Invalid value: "Cluster": field is immutable']);
  const version = {
    name: 'v2',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: shipSchema },
  };
  const dropped = await send(server, 'PATCH', path, { spec: { versions: [version] } }, merge);
  expect(causesOf(dropped)).toEqual([
    'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; must appear in spec.versions',
  ]);
});

test('the definitions of the program itself cannot be changed by users', async () => {
  const server = await startServer();
  await server.client.create(customResourceDefinitions, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'boats.sea.example.com' },
    spec: {
      group: 'sea.example.com',
      scope: 'Namespaced',
      names: { kind: 'Boat', plural: 'boats' },
      versions: [],
    },
  });
  const path = `${definitionsPath}/boats.sea.example.com`;
  expect((await send(server, 'DELETE', path)).body).toMatchObject({
    code: 403,
    message: expect.stringContaining('is a part of the cluster') as string,
  });
});
