import { expect, test } from 'vitest';

import { configMaps } from '../../src/client/resources.ts';
import { startWithKubectl } from './startWithKubectl.ts';
import { find, untilGone } from './watching.ts';

/** A map that owns another one, which blocks it. */
async function owned() {
  const made = await startWithKubectl();
  const map = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
  });
  const { metadata } = await made.client.create(configMaps, map('owner'));
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: metadata.uid };
  const dependent = map('owned');
  await made.client.create(configMaps, {
    ...dependent,
    metadata: {
      ...dependent.metadata,
      ownerReferences: [{ ...owner, blockOwnerDeletion: true }],
    },
  });
  return made;
}

test('kubectl delete --cascade=background takes what is owned along', async () => {
  const { client, kubectl } = await owned();
  await kubectl('delete', 'configmap', 'owner', '--cascade=background');
  await untilGone(client, configMaps, { namespace: 'default', name: 'owned' });
});

test('kubectl delete --cascade=foreground ends when what is owned has gone', async () => {
  const { client, kubectl } = await owned();
  await kubectl('delete', 'configmap', 'owner', '--cascade=foreground');
  expect(await find(client, configMaps, 'owned')).toBeUndefined();
});

test('kubectl delete --cascade=orphan leaves what was owned, without its owner', async () => {
  const { client, kubectl } = await owned();
  await kubectl('delete', 'configmap', 'owner', '--cascade=orphan');
  const left = await find(client, configMaps, 'owned');
  expect(left?.metadata.ownerReferences ?? []).toEqual([]);
});
