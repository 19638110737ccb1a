import { expect, test } from 'vitest';
import { aUser, allow, bindRole, clusterRole, writeVerbs } from '../../src/client/clusterRole.ts';
import { clusterRoles, roleBindings, type PolicyRule } from '../../src/client/resources.ts';
import { bobToken, send, startServer } from './apiServerFixture.ts';

const bob = { authorization: `Bearer ${bobToken}` };
const api = 'rbac.authorization.k8s.io';
const base = `/apis/${api}/v1/namespaces/default`;

/** Bob may write roles and bindings in `default`, and holds `rules` besides. */
async function startWith(rules: PolicyRule[]) {
  const server = await startServer();
  const own = [allow(api, ['roles', 'rolebindings'], writeVerbs), ...rules];
  await server.client.create(clusterRoles, clusterRole('bobs', own));
  const binding = bindRole('bobs', [aUser('bob')], { namespace: 'default' });
  await server.client.create(roleBindings, binding);
  const role = (granted: PolicyRule[]) => ({
    apiVersion: `${api}/v1`,
    kind: 'Role',
    metadata: { name: 'new', namespace: 'default' },
    rules: granted,
  });
  return {
    server,
    role,
    makeRole: (granted: PolicyRule[]) => send(server, 'POST', `${base}/roles`, role(granted), bob),
    bind: (name: string) =>
      send(
        server,
        'POST',
        `${base}/rolebindings`,
        bindRole('new', [aUser('ann')], { role: name, namespace: 'default' }),
        bob,
      ),
  };
}

const readPods = allow('', ['pods'], ['get']);

test('who holds a right can grant it, and no other', async () => {
  const { makeRole, server, role } = await startWith([allow('', ['pods', 'pods/log'], ['get'])]);
  expect((await makeRole([readPods])).code).toBe(201);
  const wider = role([allow('', ['pods'], ['get', 'delete'])]);
  const reply = await send(server, 'PUT', `${base}/roles/new`, wider, bob);
  expect(reply.code).toBe(403);
  expect(reply.body['message']).toBe(
    'roles.rbac.authorization.k8s.io "new" is forbidden: user "bob" (groups=["sailors" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}',
  );
});

test('a right to named objects does not cover all of them', async () => {
  const { makeRole } = await startWith([{ ...readPods, resourceNames: ['one'] }]);
  expect((await makeRole([readPods])).code).toBe(403);
  expect((await makeRole([{ ...readPods, resourceNames: ['one', 'two'] }])).code).toBe(403);
  expect((await makeRole([{ ...readPods, resourceNames: ['one'] }])).code).toBe(201);
});

test('a binding needs the rights of its role', async () => {
  const { bind } = await startWith([]);
  expect((await bind('cluster-admin')).code).toBe(403);
  expect((await bind('system:basic-user')).code).toBe(201);
});

test('the verbs bind and escalate lift the limit for the role that they name', async () => {
  const { bind, makeRole } = await startWith([
    { ...allow(api, ['clusterroles'], ['bind']), resourceNames: ['cluster-admin'] },
    { ...allow(api, ['roles'], ['escalate']), resourceNames: ['new'] },
  ]);
  expect((await bind('cluster-admin')).code).toBe(201);
  expect((await makeRole([allow('*', ['*'], ['*'])])).code).toBe(201);
});

test('the role of a binding cannot be changed', async () => {
  const { bind, server } = await startWith([]);
  await bind('system:basic-user');
  const path = `${base}/rolebindings/new`;
  const body = { roleRef: { apiGroup: api, kind: 'ClusterRole', name: 'view' } };
  const headers = { 'content-type': 'application/merge-patch+json' };
  expect((await send(server, 'PATCH', path, body, headers)).body).toMatchObject({
    code: 422,
    message: expect.stringContaining('cannot change roleRef'),
  });
});
