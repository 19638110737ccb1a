import { expect, test } from 'vitest';

import { dataSources } from '../../src/cdi/resources.ts';
import { aGroup, aUser, allow, bindRole, clusterRole } from '../../src/client/clusterRole.ts';
import { ensureRoles } from '../../src/client/ensureRoles.ts';
import { namespaces } from '../../src/client/resources.ts';
import { bobToken, startCluster } from '../kubevirt/clusterFixture.ts';
import { dataVolume, diskVm } from '../kubevirt/manifests.ts';

const volumes = '/apis/cdi.kubevirt.io/v1beta1/namespaces/default/datavolumes';
const vms = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';

const bootImage = { namespace: 'kubevirt-os-images', name: 'any' };

test('a clone from another project takes the right to its volumes', async () => {
  const { client, send } = await startCluster();
  const metadata = { name: 'private' };
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
  await ensureRoles(
    client,
    [clusterRole('cloner', [allow('cdi.kubevirt.io', ['datavolumes/source'], ['create'])])],
    [bindRole('bob', [aUser('bob')], { role: 'admin', namespace: 'default' })],
  );
  const of = { namespace: 'private', name: 'disk' };
  await client.create(dataSources, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataSource',
    metadata: { namespace: 'default', name: 'around' },
    spec: { source: { pvc: of } },
  });
  const storage = { resources: { requests: { storage: '64Mi' } } };
  const copy = dataVolume('copy', { source: { pvc: of }, storage });
  const around = dataVolume('copy', { sourceRef: { kind: 'DataSource', name: 'around' }, storage });
  const post = (body: object) => send('POST', `${volumes}?dryRun=All`, { body, token: bobToken });
  const refusal = (user: string) =>
    `User ${user} has insufficient permissions in clone source namespace private`;
  for (const body of [copy, around]) {
    const refused = await post(body);
    expect(refused.code).toBeGreaterThanOrEqual(400);
    expect(refused.text).toContain(refusal('bob'));
  }
  const template = { metadata: { name: 'root' }, spec: { source: { pvc: of }, storage } };
  const vm = diskVm('web', { template });
  // Boot sources are for all who are logged in, service accounts too.
  const image = { metadata: { name: 'root' }, spec: { source: { pvc: bootImage }, storage } };
  const fromImage = await send('POST', `${vms}?dryRun=All`, {
    body: diskVm('of', { template: image }),
  });
  expect(fromImage.code).toBe(201);
  // A VM's disks are cloned by its service account, whoever makes the VM.
  const ofAdmin = await send('POST', `${vms}?dryRun=All`, { body: vm });
  expect(ofAdmin.text).toContain(
    `Authorization failed, message is: ${refusal('system:serviceaccount:default:default')}`,
  );
  await ensureRoles(
    client,
    [],
    [
      bindRole('all', [aGroup('system:serviceaccounts:default'), aUser('bob')], {
        role: 'cloner',
        namespace: 'private',
      }),
    ],
  );
  expect((await post(copy)).code).toBe(201);
  expect((await post(around)).code).toBe(201);
  expect((await send('POST', `${vms}?dryRun=All`, { body: vm })).code).toBe(201);
});
