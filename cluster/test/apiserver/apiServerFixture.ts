import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { staticTokens } from '../../src/apiserver/auth/staticTokens.ts';
import {
  createApiServer,
  type ApiServer,
  type ApiServerOptions,
} from '../../src/apiserver/createApiServer.ts';
import type { ResourceDefinition } from '../../src/apiserver/ResourceDefinition.ts';
import type { KubeObject, ResourceRef } from '../../src/client/KubeClient.ts';

export const adminToken = 'admin-token';
export const bobToken = 'bob-token';

/** A custom resource with everything that the machinery can do for one. */
export const boatDefinition: ResourceDefinition = {
  group: 'sea.example.com',
  versions: [
    { name: 'v1' },
    { name: 'v1alpha1', deprecationWarning: 'sea.example.com/v1alpha1 is deprecated' },
  ],
  kind: 'Boat',
  plural: 'boats',
  singular: 'boat',
  shortNames: ['bt'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  selectableFields: ['spec.crew'],
  columns: [
    { name: 'Phase', type: 'string', value: '.status.phase' },
    {
      name: 'Ready',
      type: 'string',
      value: ".status.conditions[?(@.type=='Ready')].status",
      priority: 1,
    },
    { name: 'Age', type: 'date', value: '.metadata.creationTimestamp' },
  ],
  schema: {
    type: 'object',
    required: ['spec'],
    properties: {
      spec: {
        type: 'object',
        required: ['crew'],
        properties: { crew: { type: 'integer', minimum: 1 }, name: { type: 'string' } },
      },
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  },
};

export interface Boat extends KubeObject {
  spec: { crew: number; name?: string };
  status?: { phase?: string };
}

export const boats: ResourceRef<Boat> = {
  group: 'sea.example.com',
  version: 'v1',
  plural: 'boats',
  kind: 'Boat',
  namespaced: true,
};

export const boatsPath = '/apis/sea.example.com/v1/namespaces/default/boats';

export function boat(name: string, crew = 3, labels: Record<string, string> = {}) {
  return {
    apiVersion: 'sea.example.com/v1',
    kind: 'Boat',
    metadata: { name, namespace: 'default', labels },
    spec: { crew },
  };
}

export const users = staticTokens(
  new Map([
    [adminToken, { username: 'admin', groups: ['system:masters'] }],
    [bobToken, { username: 'bob', groups: ['sailors'] }],
  ]),
);

/** A server of its own for one test, over plain HTTP; gone when the test has finished. */
export async function startServer(options: Partial<ApiServerOptions> = {}): Promise<ApiServer> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const server = await createApiServer({
    authenticate: users,
    resources: [boatDefinition],
    plainHttp: true,
    ...options,
    dataDir,
  });
  onTestFinished(() => server.close());
  return server;
}

/** A folder that is removed when the test has finished. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-apiserver-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface Reply {
  code: number;
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** Sends one JSON request as the administrator. */
export async function send(
  server: ApiServer,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await server.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${adminToken}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return {
    code: response.statusCode,
    headers: response.headers,
    body: response.body === '' ? {} : (JSON.parse(response.body) as Record<string, unknown>),
  };
}
