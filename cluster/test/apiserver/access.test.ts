import { expect, test } from 'vitest';
import {
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  type PolicyRule,
} from '../../src/client/resources.ts';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { boat, boatsPath, bobToken, send, startServer } from './apiServerFixture.ts';

const bob = { authorization: `Bearer ${bobToken}` };
const api = 'rbac.authorization.k8s.io';

async function grant(server: ApiServer, rules: PolicyRule[], namespace?: string): Promise<void> {
  const apiVersion = `${api}/v1`;
  const roleRef = { apiGroup: api, kind: 'ClusterRole', name: 'sailor' } as const;
  const subjects = [{ kind: 'Group', apiGroup: api, name: 'sailors' } as const];
  const metadata = { name: 'sailor' };
  await server.client.create(clusterRoles, { apiVersion, kind: 'ClusterRole', metadata, rules });
  if (namespace === undefined) {
    const kind = 'ClusterRoleBinding';
    await server.client.create(clusterRoleBindings, {
      apiVersion,
      kind,
      metadata,
      roleRef,
      subjects,
    });
  } else {
    const kind = 'RoleBinding';
    const inNamespace = { ...metadata, namespace };
    const binding = { apiVersion, kind, metadata: inNamespace, roleRef, subjects };
    await server.client.create(roleBindings, binding);
  }
}

test('a wrong token is 401, none is system:anonymous', async () => {
  const server = await startServer();
  const none = await server.inject({ method: 'GET', url: boatsPath });
  expect(none.json()).toMatchObject({
    code: 403,
    message: expect.stringContaining('User "system:anonymous" cannot list resource "boats"'),
  });
  expect(
    (await send(server, 'GET', boatsPath, undefined, { authorization: 'Bearer x' })).code,
  ).toBe(401);
  expect((await server.inject({ method: 'GET', url: '/readyz' })).statusCode).toBe(200);
});

test('without a role a request is 403 and says what is missing', async () => {
  const server = await startServer();
  const reply = await send(server, 'GET', boatsPath, undefined, bob);
  expect(reply.body).toMatchObject({
    code: 403,
    reason: 'Forbidden',
    message:
      'boats.sea.example.com is forbidden: User "bob" cannot list resource "boats" in API group "sea.example.com" in the namespace "default"',
  });
});

test('a role binding grants its rules in its namespace only', async () => {
  const server = await startServer();
  const rules = [{ verbs: ['get', 'list'], apiGroups: ['sea.example.com'], resources: ['boats'] }];
  await grant(server, rules, 'default');
  expect((await send(server, 'GET', boatsPath, undefined, bob)).code).toBe(200);
  expect((await send(server, 'POST', boatsPath, boat('ann'), bob)).code).toBe(403);
  const everywhere = '/apis/sea.example.com/v1/boats';
  expect((await send(server, 'GET', everywhere, undefined, bob)).code).toBe(403);
});

test('rules can name objects and subresources', async () => {
  const server = await startServer();
  await send(server, 'POST', boatsPath, boat('ann'));
  await send(server, 'POST', boatsPath, boat('bea'));
  const apiGroups = ['sea.example.com'];
  await grant(server, [
    { verbs: ['get'], apiGroups, resources: ['boats'], resourceNames: ['ann'] },
    { verbs: ['get'], apiGroups, resources: ['boats/status'] },
  ]);
  const get = async (path: string) => (await send(server, 'GET', path, undefined, bob)).code;
  expect(await get(`${boatsPath}/ann`)).toBe(200);
  expect(await get(`${boatsPath}/bea`)).toBe(403);
  expect(await get(`${boatsPath}/bea/status`)).toBe(200);
});

test('a SelfSubjectAccessReview answers 201 with the decision', async () => {
  const server = await startServer();
  const review = (resource: string) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb: 'update', group: 'sea.example.com', resource } },
  });
  await grant(server, [
    { verbs: ['*'], apiGroups: ['sea.example.com'], resources: ['boats/sail'] },
  ]);
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const denied = await send(server, 'POST', path, review('boats'), bob);
  expect(denied).toMatchObject({ code: 201, body: { status: { allowed: false } } });
  const sail = review('boats');
  Object.assign(sail.spec.resourceAttributes, { subresource: 'sail' });
  const allowed = await send(server, 'POST', path, sail, bob);
  expect(allowed).toMatchObject({ code: 201, body: { status: { allowed: true } } });
});

test('a SelfSubjectReview tells who one is', async () => {
  const server = await startServer();
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const reply = await send(server, 'POST', path, {}, bob);
  expect(reply).toMatchObject({
    code: 201,
    body: {
      status: { userInfo: { username: 'bob', groups: ['sailors', 'system:authenticated'] } },
    },
  });
});
