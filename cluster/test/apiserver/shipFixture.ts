import { expect } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { send, startServer, type Reply } from './apiServerFixture.ts';

export const definitionsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const shipsPath = '/apis/harbour.example.com/v1/namespaces/default/ships';

export const shipSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['class'],
      properties: {
        class: { type: 'string', enum: ['sloop', 'brig'] },
        replicas: { type: 'integer', minimum: 0, default: 1 },
        port: { 'x-kubernetes-int-or-string': true },
        code: { type: 'string', pattern: '^[A-Z]+$', maxLength: 3 },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        template: { type: 'object', 'x-kubernetes-embedded-resource': true },
        masts: {
          type: 'array',
          maxItems: 3,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: {
              name: { type: 'string' },
              height: { type: 'number', default: 10 },
            },
          },
        },
      },
    },
    status: {
      type: 'object',
      properties: { replicas: { type: 'integer' }, selector: { type: 'string' } },
    },
  },
};

export function shipDefinition(changes: object = {}, version: object = {}) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'ships.harbour.example.com' },
    spec: {
      group: 'harbour.example.com',
      scope: 'Namespaced',
      names: { kind: 'Ship', plural: 'ships', shortNames: ['sh'], categories: ['all'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: shipSchema },
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.replicas',
              statusReplicasPath: '.status.replicas',
              labelSelectorPath: '.status.selector',
            },
          },
          additionalPrinterColumns: [
            { name: 'Class', type: 'string', jsonPath: '.spec.class' },
            { name: 'Masts', type: 'string', jsonPath: '.spec.masts[*].name' },
          ],
          selectableFields: [{ jsonPath: '.spec.class' }],
          ...version,
        },
      ],
      ...changes,
    },
  };
}

export function ship(name: string, spec: object = { class: 'sloop' }) {
  return { apiVersion: 'harbour.example.com/v1', kind: 'Ship', metadata: { name }, spec };
}

export async function withShips(): Promise<ApiServer> {
  const server = await startServer({ resources: [] });
  expect((await send(server, 'POST', definitionsPath, shipDefinition())).code).toBe(201);
  return server;
}

export const causesOf = ({ body }: Reply) =>
  (body['details'] as { causes?: { field: string; message: string }[] } | undefined)?.causes?.map(
    ({ field, message }) => `${field}: ${message}`,
  );
