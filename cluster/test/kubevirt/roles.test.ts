import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { aUser, allow, bindRole, clusterRole } from '../../src/client/clusterRole.ts';
import { clusterRoleBindings, clusterRoles, secrets } from '../../src/client/resources.ts';
import { kubeconfigText } from '../../src/kubeconfigText.ts';
import { installUsers, readyUsers } from '../../src/users.ts';
import { adminToken, bobToken, startCluster, vmiAction } from './clusterFixture.ts';
import { listenOnce } from './listenOnce.ts';

const execute = promisify(execFile);

/** A cluster with its ready-made users, and kubectl as each of them. */
async function startWithUsers() {
  const made = await startCluster();
  const { api } = made.cluster;
  await installUsers(api.client);
  const { url } = await listenOnce(api);
  const kubeconfig = join(made.dataDir, 'kubeconfig');
  const users = readyUsers.map(async (user) => ({
    ...user,
    ...(await api.issueCertificate(user)),
  }));
  const { certificateAuthority } = api;
  const parts = { url, certificateAuthority, adminToken, users: await Promise.all(users) };
  await writeFile(kubeconfig, kubeconfigText(parts));
  const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: made.dataDir };
  const kubectl = async (context: string, ...args: string[]) =>
    (await execute('kubectl', ['--context', context, ...args], { env })).stdout;
  /** `yes` or `no`; kubectl fails with `no`. */
  const canI = async (context: string, ...args: string[]) =>
    kubectl(context, 'auth', 'can-i', ...args).then(
      () => 'yes',
      (error: unknown) => ((error as { stdout?: string }).stdout === 'no\n' ? 'no' : error),
    );
  return { ...made, kubectl, canI };
}

test('the kubeconfig has a context for the administrator, a developer and a viewer', async () => {
  const { kubectl, canI } = await startWithUsers();
  const who = async (context: string) =>
    JSON.parse(await kubectl(context, 'auth', 'whoami', '-o', 'json')) as object;
  expect(await who('admin')).toMatchObject({ status: { userInfo: { username: 'admin' } } });
  expect(await who('developer')).toMatchObject({ status: { userInfo: { username: 'developer' } } });
  // A context brings its namespace with it.
  expect(await canI('developer', 'create', 'virtualmachines')).toBe('yes');
  expect(await canI('developer', 'create', 'virtualmachines', '-n', 'default')).toBe('no');
  expect(await canI('viewer', 'list', 'virtualmachines', '-A')).toBe('yes');
  expect(await canI('viewer', 'create', 'virtualmachines')).toBe('no');
  expect(await kubectl('developer', 'auth', 'can-i', '--list')).toMatch(
    /virtualmachines\.kubevirt\.io .*\[.*create.*\]/,
  );
});

test.each([
  ['admin', 'update', 'subresources.kubevirt.io', 'virtualmachines/start', true],
  ['admin', 'get', 'subresources.kubevirt.io', 'virtualmachineinstances/vnc/screenshot', true],
  ['admin', 'deletecollection', 'kubevirt.io', 'virtualmachines', true],
  ['admin', 'update', 'subresources.kubevirt.io', 'virtualmachines/migrate', false],
  ['admin', 'create', 'kubevirt.io', 'virtualmachineinstancemigrations', false],
  ['admin', 'list', 'kubevirt.io', 'virtualmachineinstancemigrations', true],
  ['admin', 'create', 'upload.cdi.kubevirt.io', 'uploadtokenrequests', true],
  ['edit', 'get', 'subresources.kubevirt.io', 'virtualmachineinstances/vnc', true],
  ['edit', 'get', 'subresources.kubevirt.io', 'virtualmachineinstances/vnc/screenshot', false],
  ['edit', 'deletecollection', 'kubevirt.io', 'virtualmachines', false],
  ['edit', 'create', 'rbac.authorization.k8s.io', 'rolebindings', false],
  ['view', 'get', 'subresources.kubevirt.io', 'virtualmachineinstances/guestosinfo', true],
  ['view', 'get', 'subresources.kubevirt.io', 'virtualmachineinstances/console', false],
  ['view', 'get', '', 'secrets', false],
  ['kubevirt.io:migrate', 'update', 'subresources.kubevirt.io', 'virtualmachines/migrate', true],
])('the role %s: may %s %s %s is %s', async (role, verb, group, path, allowed) => {
  const { client, send } = await startCluster();
  await client.create(clusterRoleBindings, bindRole('ann', [aUser('ann')], { role }));
  const [resource, ...subresource] = path.split('/');
  const attributes = { verb, group, resource, subresource: subresource.join('/') };
  const review = await send('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    body: { spec: { user: 'ann', resourceAttributes: { ...attributes, namespace: 'default' } } },
  });
  expect(review.body).toMatchObject({ status: { allowed } });
});

test("an editor's screenshot passes the API server and is refused by virt-api, with 401 text", async () => {
  const { client, send } = await startCluster();
  await client.create(clusterRoleBindings, bindRole('bob', [aUser('bob')], { role: 'edit' }));
  const reply = await send('GET', vmiAction('web', 'vnc/screenshot'), { token: bobToken });
  expect(reply.code).toBe(401);
  expect(reply.text).toContain('virtualmachineinstances/vnc/screenshot');
  const console = await send('GET', vmiAction('web', 'vnc'), { token: bobToken });
  expect(console.code).toBe(404);
});

test('a role that is labelled for it becomes part of the standard roles', async () => {
  const { client } = await startCluster();
  const rule = allow('example.com', ['boats'], ['get']);
  await client.create(clusterRoles, clusterRole('boats', [rule], 'view'));
  for (const name of ['view', 'edit', 'admin']) {
    await expect
      .poll(async () => (await client.get(clusterRoles, { name })).rules)
      .toContainEqual(rule);
  }
  await client.delete(clusterRoles, { name: 'boats' });
  await expect
    .poll(async () => (await client.get(clusterRoles, { name: 'admin' })).rules)
    .not.toContainEqual(rule);
});

test('kubectl auth reconcile makes roles and bindings, and adds what is missing', async () => {
  const { client, dataDir, kubectl } = await startWithUsers();
  const file = join(dataDir, 'roles.json');
  const write = (verbs: string[]) =>
    writeFile(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [
          clusterRole('boats', [allow('example.com', ['boats'], verbs)]),
          bindRole('boats', [aUser('ann')]),
        ],
      }),
    );
  await write(['get']);
  expect(await kubectl('admin', 'auth', 'reconcile', '-f', file)).toContain('reconciled');
  await write(['list']);
  await kubectl('admin', 'auth', 'reconcile', '-f', file);
  const { rules = [] } = await client.get(clusterRoles, { name: 'boats' });
  expect((rules ?? []).flatMap(({ verbs }) => verbs)).toEqual(['get', 'list']);
});

test('a Secret of type service-account-token is filled, works, and goes with its account', async () => {
  const { client, kubectl, send } = await startWithUsers();
  await kubectl('admin', 'create', 'serviceaccount', 'robot');
  const key = { namespace: 'default', name: 'robot-token' };
  await client.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: { ...key, annotations: { 'kubernetes.io/service-account.name': 'robot' } },
  });
  const tokenOf = async () => (await client.get(secrets, key)).data?.['token'] ?? '';
  await expect.poll(tokenOf).not.toBe('');
  const token = Buffer.from(await tokenOf(), 'base64').toString();
  const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  expect((await send('POST', whoAmI, { token, body: {} })).body).toMatchObject({
    status: { userInfo: { username: 'system:serviceaccount:default:robot' } },
  });
  expect(await kubectl('admin', 'create', 'token', 'robot')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n?$/);
  await kubectl('admin', 'delete', 'serviceaccount', 'robot');
  await expect
    .poll(async () => (await client.list(secrets, { namespace: 'default' })).items)
    .toEqual([]);
  expect((await send('POST', whoAmI, { token, body: {} })).code).toBe(401);
});
