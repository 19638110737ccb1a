import { expect, test } from 'vitest';
import { send, startServer } from './apiServerFixture.ts';
import { causesOf } from './shipFixture.ts';

const group = 'rbac.authorization.k8s.io';
const paths = {
  RoleBinding: `/apis/${group}/v1/namespaces/default/rolebindings`,
  ClusterRoleBinding: `/apis/${group}/v1/clusterrolebindings`,
};

function binding(kind: keyof typeof paths, subject: object, roleRef: object) {
  const metadata = { name: 'a' };
  return { apiVersion: `${group}/v1`, kind, metadata, subjects: [subject], roleRef };
}

test('a binding gets the groups that it leaves out', async () => {
  const server = await startServer({ resources: [] });
  const body = binding('RoleBinding', { kind: 'User', name: 'ann' }, { kind: 'Role', name: 'r' });
  const made = await send(server, 'POST', paths.RoleBinding, body);
  expect(made.code).toBe(201);
  expect(made.body).toMatchObject({
    subjects: [{ kind: 'User', name: 'ann', apiGroup: group }],
    roleRef: { kind: 'Role', name: 'r', apiGroup: group },
  });
});

test.each<[string, keyof typeof paths, object, object, string[]]>([
  [
    'a subject of an unknown kind',
    'RoleBinding',
    { kind: 'Robot', name: 'r2' },
    { kind: 'Role', name: 'r' },
    [
      'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
    ],
  ],
  [
    'an account of no namespace',
    'ClusterRoleBinding',
    { kind: 'ServiceAccount', name: 'bot' },
    { kind: 'ClusterRole', name: 'r' },
    ['subjects[0].namespace: Required value'],
  ],
  [
    'a Role for the whole cluster',
    'ClusterRoleBinding',
    { kind: 'User', name: 'ann' },
    { kind: 'Role', name: 'r' },
    ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'],
  ],
  [
    'a role without a name',
    'RoleBinding',
    { kind: 'User', name: 'ann' },
    { kind: 'Role', name: '' },
    ['roleRef.name: Required value'],
  ],
])('%s is refused', async (_what, kind, subject, roleRef, causes) => {
  const server = await startServer({ resources: [] });
  const refused = await send(server, 'POST', paths[kind], binding(kind, subject, roleRef));
  expect(refused.code).toBe(422);
  expect(causesOf(refused)).toEqual(causes);
});
