import { expect, test } from 'vitest';

import { anyDraft, seeded } from '~/kubevirt/create/anyDraft';
import { draftVm } from '~/kubevirt/create/draftVm';

import { aGroup, allow, bindRole, clusterRole } from '../../../cluster/src/client/clusterRole.ts';
import { ensureRoles } from '../../../cluster/src/client/ensureRoles.ts';
import { namespaces } from '../../../cluster/src/client/resources.ts';
import { startCluster } from '../../../cluster/test/kubevirt/clusterFixture.ts';

test('the local cluster takes every VM that the wizard can be left with, in strict validation', async () => {
  const { client, send } = await startCluster();
  // The project of the sources lets everybody clone, as that of boot images does.
  const cloner = clusterRole('cloner', [
    allow('cdi.kubevirt.io', ['datavolumes/source'], ['create']),
  ]);
  const everybody = aGroup('system:authenticated');
  const metadata = { name: 'images' };
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
  await ensureRoles(
    client,
    [cloner],
    [bindRole('all', [everybody], { role: 'cloner', namespace: 'images' })],
  );
  const url = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';
  const random = seeded(11);
  for (let round = 0; round < 150; round += 1) {
    const vm = draftVm(anyDraft(random), `any-${round}`);
    const query = '?dryRun=All&fieldValidation=Strict';
    const { code, body } = await send('POST', `${url}${query}`, { body: vm });
    expect(code, `${JSON.stringify(body['message'])}: ${JSON.stringify(vm)}`).toBe(201);
  }
});
