import { expect, test } from 'vitest';

import { anyDraft, seeded } from '~/kubevirt/create/anyDraft';
import { draftVm } from '~/kubevirt/create/draftVm';

import { startCluster } from '../../../cluster/test/kubevirt/clusterFixture.ts';

test('the local cluster takes every VM that the wizard can be left with, in strict validation', async () => {
  const { send } = await startCluster();
  const url = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';
  const random = seeded(11);
  for (let round = 0; round < 150; round += 1) {
    const vm = draftVm(anyDraft(random), `any-${round}`);
    const query = '?dryRun=All&fieldValidation=Strict';
    const { code, body } = await send('POST', `${url}${query}`, { body: vm });
    expect(code, `${JSON.stringify(body['message'])}: ${JSON.stringify(vm)}`).toBe(201);
  }
});
