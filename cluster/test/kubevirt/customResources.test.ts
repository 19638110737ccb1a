import { expect, test } from 'vitest';

import type { KubeClient, KubeObject, ResourceRef } from '../../src/client/KubeClient.ts';
import { customResourceDefinitions, resourceQuotas } from '../../src/client/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { find, until, untilGone } from './watching.ts';

const boats: ResourceRef<KubeObject & { metadata: { uid: string } }> = {
  group: 'sea.example.com',
  version: 'v1',
  plural: 'boats',
  kind: 'Boat',
  namespaced: true,
};
const key = (name: string) => ({ namespace: 'default', name });

async function defineBoats(client: KubeClient): Promise<void> {
  await client.create(customResourceDefinitions, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'boats.sea.example.com' },
    spec: {
      group: 'sea.example.com',
      scope: 'Namespaced',
      names: { kind: 'Boat', plural: 'boats' },
      versions: ['v1', 'v1beta1'].map((name) => ({
        name,
        served: true,
        storage: name === 'v1',
        schema: { openAPIV3Schema: { type: 'object' } },
      })),
    },
  });
}

function boat(name: string, owner?: KubeObject, apiVersion = 'sea.example.com/v1') {
  const ownerReferences = owner && [
    { apiVersion, kind: 'Boat', name: owner.metadata.name, uid: owner.metadata.uid },
  ];
  return {
    apiVersion: 'sea.example.com/v1',
    kind: 'Boat',
    metadata: { name, namespace: 'default', ...(ownerReferences && { ownerReferences }) },
  };
}

test('objects of a resource that was defined later go with their owner', async () => {
  const { client } = await startCluster();
  await defineBoats(client);
  const ship = await client.create(boats, boat('ship'));
  await client.create(boats, boat('tender', ship));
  await client.create(boats, boat('dinghy', ship, 'sea.example.com/v1beta1'));
  await client.create(boats, boat('stray'));
  await client.delete(boats, key('ship'));
  await untilGone(client, boats, key('tender'));
  await untilGone(client, boats, key('dinghy'));
  expect(await find(client, boats, 'stray')).toBeDefined();
});

test('a quota counts objects of a resource that was defined later', async () => {
  const { client } = await startCluster();
  const hard = { 'count/boats.sea.example.com': '5' };
  await client.create(resourceQuotas, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'small', namespace: 'default' },
    spec: { hard },
  });
  await defineBoats(client);
  await client.create(boats, boat('ann'));
  const used = (count: string) =>
    until(
      client,
      resourceQuotas,
      key('small'),
      ({ status }) => status?.used?.['count/boats.sea.example.com'] === count,
    );
  await used('1');
  await client.delete(boats, key('ann'));
  await used('0');
});
