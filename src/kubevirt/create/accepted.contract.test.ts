import { expect, test } from 'vitest';

import { resourcePath } from '~/k8s/models';
import { anyDraft, seeded } from '~/kubevirt/create/anyDraft';
import { draftObjects } from '~/kubevirt/create/draftObjects';

import { aGroup, allow, bindRole, clusterRole } from '../../../cluster/src/client/clusterRole.ts';
import { ensureRoles } from '../../../cluster/src/client/ensureRoles.ts';
import { namespaces } from '../../../cluster/src/client/resources.ts';
import { startCluster } from '../../../cluster/test/kubevirt/clusterFixture.ts';

test('the local cluster takes all that the wizard can be left with, in strict validation', async () => {
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
  const random = seeded(11);
  for (let round = 0; round < 150; round += 1) {
    const draft = { ...anyDraft(random), name: `any-${round}` };
    for (const { model, object } of draftObjects(draft)) {
      const path = resourcePath(model, { namespace: 'default' });
      const query = '?dryRun=All&fieldValidation=Strict';
      const { code, body } = await send('POST', `${path}${query}`, { body: object });
      expect(code, `${JSON.stringify(body['message'])}: ${JSON.stringify(object)}`).toBe(201);
    }
  }
});
