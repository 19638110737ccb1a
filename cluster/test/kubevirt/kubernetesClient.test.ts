import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  CustomObjectsApi,
  type KubernetesListObject,
  type KubernetesObject,
  KubeConfig,
  makeInformer,
} from '@kubernetes/client-node';
import { expect, onTestFinished, test } from 'vitest';

import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { startCluster } from './clusterFixture.ts';
import { kubeconfigOf } from './kubeconfigOf.ts';
import { plainVm } from './manifests.ts';

test("the Kubernetes client's informer sees VMs come, change and go, over TLS", async () => {
  const { client, cluster, dataDir } = await startCluster();
  await client.create(virtualMachines, plainVm('one', { runStrategy: 'Halted' }));
  const file = join(dataDir, 'kubeconfig');
  await writeFile(file, await kubeconfigOf(cluster));
  const config = new KubeConfig();
  config.loadFromFile(file);
  const api = config.makeApiClient(CustomObjectsApi);
  const list = async () =>
    (await api.listNamespacedCustomObject({
      group: 'kubevirt.io',
      version: 'v1',
      namespace: 'default',
      plural: 'virtualmachines',
    })) as KubernetesListObject<KubernetesObject>;
  const informer = makeInformer(
    config,
    '/apis/kubevirt.io/v1/namespaces/default/virtualmachines',
    list,
  );
  onTestFinished(() => informer.stop());
  const seen: string[] = [];
  const note = (what: string) => (object: KubernetesObject) => {
    seen.push(`${what} ${object.metadata?.name ?? ''}`);
  };
  informer.on('add', note('add'));
  informer.on('update', note('update'));
  informer.on('delete', note('delete'));
  const errors: unknown[] = [];
  informer.on('error', (error: unknown) => errors.push(error));
  await informer.start();
  expect(seen).toContain('add one');
  await client.create(virtualMachines, plainVm('two', { runStrategy: 'Halted' }));
  await expect.poll(() => seen).toContain('add two');
  await client.patch(
    virtualMachines,
    { namespace: 'default', name: 'two' },
    { type: 'merge', body: { metadata: { labels: { team: 'blue' } } } },
  );
  await expect
    .poll(() => informer.get('two', 'default')?.metadata?.labels)
    .toEqual({ team: 'blue' });
  expect(seen).toContain('update two');
  await client.delete(virtualMachines, { namespace: 'default', name: 'one' });
  await expect.poll(() => seen).toContain('delete one');
  expect(informer.list('default').map(({ metadata }) => metadata?.name)).toEqual(['two']);
  expect(errors).toEqual([]);
});
