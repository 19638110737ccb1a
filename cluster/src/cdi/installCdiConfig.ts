import { ensure } from '../client/ensure.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { cdiConfigs } from './resources.ts';

/** The CDIConfig `config`, with where uploads go in this run of the program. */
export async function installCdiConfig(
  client: KubeClient,
  uploads: { uploadProxyURL: string; uploadProxyCA?: string },
): Promise<void> {
  await ensure(client, cdiConfigs, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'CDIConfig',
    metadata: { name: 'config', labels: { app: 'containerized-data-importer' } },
    spec: { featureGates: ['HonorWaitForFirstConsumer'] },
  });
  const status = {
    ...uploads,
    // A disk has the size of its claim.
    filesystemOverhead: { global: '0' },
    preallocation: false,
    scratchSpaceStorageClass: '',
  };
  await client.patch(
    cdiConfigs,
    { name: 'config' },
    { type: 'merge', body: { status } },
    { subresource: 'status' },
  );
}
