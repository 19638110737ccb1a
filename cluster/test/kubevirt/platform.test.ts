import { expect, test } from 'vitest';

import {
  clusterRoles,
  namespaces,
  roleBindings,
  serviceAccounts,
} from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { bobToken, startCluster, vmAction, vmiAction } from './clusterFixture.ts';
import { plainVm } from './manifests.ts';
import { until, untilVm } from './watching.ts';

const vms = (namespace: string) => `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;

async function bind(
  { client }: Awaited<ReturnType<typeof startCluster>>,
  role: string,
): Promise<void> {
  const group = 'rbac.authorization.k8s.io';
  await client.create(roleBindings, {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: role, namespace: 'default' },
    subjects: [{ kind: 'User', apiGroup: group, name: 'bob' }],
    roleRef: { kind: 'ClusterRole', apiGroup: group, name: role },
  });
}

test('view, edit and admin let a user do what KubeVirt gives to them', async () => {
  const cluster = await startCluster();
  const { client, send } = cluster;
  await client.create(virtualMachines, plainVm('web'));
  await untilVm(client, 'web', 'Running');
  const bob = { token: bobToken };
  const codes = async () => ({
    list: (await send('GET', vms('default'), bob)).code,
    create: (await send('POST', vms('default'), { ...bob, body: plainVm('mine') })).code,
    pause: (await send('PUT', vmiAction('web', 'pause'), { ...bob, body: { dryRun: ['All'] } }))
      .code,
    stop: (await send('PUT', vmAction('web', 'stop'), { ...bob, body: { dryRun: ['All'] } })).code,
    secrets: (await send('GET', '/api/v1/namespaces/default/secrets', bob)).code,
    screenshot: (await send('GET', vmiAction('web', 'vnc/screenshot'), bob)).code,
    elsewhere: (await send('GET', vms('kubevirt'), bob)).code,
  });
  const nothing = {
    list: 403,
    create: 403,
    pause: 403,
    stop: 403,
    secrets: 403,
    screenshot: 403,
    elsewhere: 403,
  };
  expect(await codes()).toEqual(nothing);
  await bind(cluster, 'view');
  expect(await codes()).toEqual({ ...nothing, list: 200 });
  await bind(cluster, 'edit');
  const edit = { ...nothing, list: 200, create: 201, pause: 200, stop: 202, secrets: 200 };
  // kube-apiserver lets vnc pass, virt-api refuses vnc/screenshot with its plain 401.
  expect(await codes()).toEqual({ ...edit, screenshot: 401 });
  await bind(cluster, 'admin');
  // A simulated guest has no screen: the right is there, the picture is not.
  expect(await codes()).toEqual({ ...edit, create: 409, screenshot: 500 });
});

test('a role that a user labels as part of view is a part of edit and admin too', async () => {
  const cluster = await startCluster();
  const { client, send } = cluster;
  await client.create(clusterRoles, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {
      name: 'nodes',
      labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' },
    },
    rules: [
      { apiGroups: ['storage.k8s.io'], resources: ['csistoragecapacities'], verbs: ['list'] },
    ],
  });
  await bind(cluster, 'admin');
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: {
        namespace: 'default',
        verb: 'list',
        group: 'storage.k8s.io',
        resource: 'csistoragecapacities',
      },
    },
  };
  expect(
    await send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      token: bobToken,
      body: review,
    }),
  ).toMatchObject({ code: 201, body: { status: { allowed: true } } });
});

test('every namespace gets a service account, again when it is deleted', async () => {
  const { client } = await startCluster();
  await client.create(namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team' },
  });
  const key = { namespace: 'team', name: 'default' };
  const account = await until(client, serviceAccounts, key, () => true);
  await client.delete(serviceAccounts, key);
  await until(
    client,
    serviceAccounts,
    key,
    ({ metadata }) => metadata.uid !== account.metadata.uid,
  );
});

test('the served resources are shown as definitions, which cannot be changed', async () => {
  const { send } = await startCluster();
  const url = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const { body } = await send('GET', `${url}/virtualmachines.kubevirt.io`);
  expect(body).toMatchObject({
    spec: {
      group: 'kubevirt.io',
      scope: 'Namespaced',
      names: { kind: 'VirtualMachine', plural: 'virtualmachines', shortNames: ['vm', 'vms'] },
      versions: [
        { name: 'v1', served: true, storage: true, subresources: { status: {} } },
        { name: 'v1alpha3', served: true, storage: false, deprecated: true },
      ],
    },
    status: { acceptedNames: { kind: 'VirtualMachine' }, storedVersions: ['v1'] },
  });
  expect((await send('GET', `${url}/datavolumes.cdi.kubevirt.io`)).code).toBe(200);
  expect((await send('DELETE', `${url}/virtualmachines.kubevirt.io`)).code).toBe(403);
});
