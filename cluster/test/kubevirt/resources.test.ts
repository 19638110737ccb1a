import { expect, test } from 'vitest';

import { configMaps, namespaces } from '../../src/client/resources.ts';
import { listedDefinitions } from '../../src/kubevirt/listedDefinitions.ts';
import { startCluster } from './clusterFixture.ts';
import { startWithKubectl } from './startWithKubectl.ts';
import { until, untilGone } from './watching.ts';

test('kubectl lists the resources with their short names, groups and categories', async () => {
  const { kubectl } = await startWithKubectl();
  const table = await kubectl('api-resources', '--no-headers');
  const rows = table.trimEnd().split('\n');
  const row = (plural: string, version: string) =>
    rows
      .find((line) => line.startsWith(`${plural} `) && line.includes(` ${version} `))
      ?.split(/\s+/);
  expect(row('virtualmachinesnapshots', 'snapshot.kubevirt.io/v1beta1')).toEqual([
    ...['virtualmachinesnapshots', 'vmsnapshot,vmsnapshots', 'snapshot.kubevirt.io/v1beta1'],
    ...['true', 'VirtualMachineSnapshot'],
  ]);
  expect(row('hyperconvergeds', 'hco.kubevirt.io/v1')?.[1]).toBe('hco,hcos');
  expect(row('deployments', 'apps/v1')?.[1]).toBe('deploy');
  expect(row('network-attachment-definitions', 'k8s.cni.cncf.io/v1')?.[3]).toBe('true');
  expect(row('cdis', 'cdi.kubevirt.io/v1beta1')?.[3]).toBe('false');
  const all = await kubectl('api-resources', '--categories=all', '-o', 'name');
  expect(all).toContain('virtualmachineclones.clone.kubevirt.io\n');
  expect(all).not.toContain('storageprofiles');
});

test('what has no controller can be listed, and its writes answer 501 with the reason', async () => {
  const { send } = await startCluster();
  expect(listedDefinitions.length).toBeGreaterThan(0);
  for (const { group, versions, plural, kind, namespaced } of listedDefinitions) {
    const apiVersion = `${group}/${versions[0]?.name ?? ''}`;
    const url = `/apis/${apiVersion}/${namespaced ? 'namespaces/default/' : ''}${plural}`;
    expect(await send('GET', url), plural).toMatchObject({ code: 200, body: { items: [] } });
    const body = { apiVersion, kind, metadata: { name: 'x' }, spec: {} };
    const refused = await send('POST', url, { body });
    expect(refused, plural).toMatchObject({ code: 501, body: { reason: 'NotImplemented' } });
    expect(refused.body['message']).toContain(`create of ${plural}.${group}; `);
  }
});

test('a namespace that goes tells what is left in it, and takes every kind along', async () => {
  const { client, send } = await startCluster();
  const key = { name: 'team' };
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: key });
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'none' },
    spec: { podSelector: {} },
  };
  const policies = '/apis/networking.k8s.io/v1/namespaces/team/networkpolicies';
  expect((await send('POST', policies, { body: policy })).code).toBe(201);
  await client.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kept', namespace: 'team', finalizers: ['example.com/wait'] },
  });
  await client.delete(namespaces, key);
  const going = await until(client, namespaces, key, ({ status }) =>
    Boolean(status?.conditions?.some(({ type }) => type === 'NamespaceFinalizersRemaining')),
  );
  expect(going.status).toMatchObject({ phase: 'Terminating' });
  expect(going.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'NamespaceContentRemaining',
      status: 'True',
      message: 'Some resources are remaining: configmaps. has 1 resource instances',
    }),
  );
  expect(going.status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'NamespaceFinalizersRemaining',
      message:
        'Some content in the namespace has finalizers remaining: example.com/wait in 1 resource instances',
    }),
  );
  await client.patch(
    configMaps,
    { namespace: 'team', name: 'kept' },
    { type: 'merge', body: { metadata: { finalizers: [] } } },
  );
  await untilGone(client, namespaces, key);
});
