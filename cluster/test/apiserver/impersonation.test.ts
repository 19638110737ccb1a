import { expect, test } from 'vitest';
import { aGroup, bindRole, clusterRole } from '../../src/client/clusterRole.ts';
import { clusterRoleBindings, clusterRoles, type PolicyRule } from '../../src/client/resources.ts';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { bobToken, send, startServer } from './apiServerFixture.ts';

const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const bob = { authorization: `Bearer ${bobToken}` };

const ask = (server: ApiServer, headers: Record<string, string>) =>
  send(server, 'POST', whoAmI, {}, headers);

async function letBobImpersonate(server: ApiServer, rules: Omit<PolicyRule, 'verbs'>[]) {
  const all = rules.map((rule) => ({ ...rule, verbs: ['impersonate'] }));
  await server.client.create(clusterRoles, clusterRole('actor', all));
  await server.client.create(clusterRoleBindings, bindRole('actor', [aGroup('sailors')]));
}

test('an administrator acts as anyone, with groups, uid and extra', async () => {
  const server = await startServer();
  const reply = await ask(server, {
    'impersonate-user': 'ann',
    'impersonate-group': 'crew',
    'impersonate-uid': '7',
    'impersonate-extra-example.com%2fscopes': 'view',
  });
  expect(reply.body).toMatchObject({
    status: {
      userInfo: {
        username: 'ann',
        uid: '7',
        groups: ['crew', 'system:authenticated'],
        extra: { 'example.com/scopes': ['view'] },
      },
    },
  });
});

test('who has no right to it is 403', async () => {
  const server = await startServer();
  expect((await ask(server, { ...bob, 'impersonate-user': 'ann' })).body).toMatchObject({
    code: 403,
    message:
      'users "ann" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
  });
});

test('each part of the identity needs its own right', async () => {
  const server = await startServer();
  await letBobImpersonate(server, [
    { apiGroups: [''], resources: ['users'], resourceNames: ['ann'] },
    { apiGroups: ['authentication.k8s.io'], resources: ['userextras/team'] },
  ]);
  const as = { ...bob, 'impersonate-user': 'ann' };
  expect((await ask(server, as)).code).toBe(201);
  expect((await ask(server, { ...as, 'impersonate-extra-team': 'blue' })).code).toBe(201);
  expect((await ask(server, { ...as, 'impersonate-extra-other': 'x' })).code).toBe(403);
  expect((await ask(server, { ...as, 'impersonate-group': 'system:masters' })).code).toBe(403);
  expect((await ask(server, { ...as, 'impersonate-uid': '1' })).code).toBe(403);
});

test('an impersonated service account is in the groups of its kind', async () => {
  const server = await startServer();
  const reply = await ask(server, { 'impersonate-user': 'system:serviceaccount:team:robot' });
  expect(reply.body).toMatchObject({
    status: {
      userInfo: {
        groups: ['system:serviceaccounts', 'system:serviceaccounts:team', 'system:authenticated'],
      },
    },
  });
});

test('the request has the rights of whom it impersonates, not of its sender', async () => {
  const server = await startServer();
  const reply = await send(server, 'GET', '/api/v1/secrets', undefined, {
    'impersonate-user': 'ann',
  });
  expect(reply.body).toMatchObject({
    code: 403,
    message: expect.stringContaining('User "ann" cannot list resource "secrets"'),
  });
});
