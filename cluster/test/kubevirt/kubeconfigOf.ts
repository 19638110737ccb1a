import type { Cluster } from '../../src/createCluster.ts';
import { adminToken } from './clusterFixture.ts';
import { listenOnce } from './listenOnce.ts';

/** Opens the cluster's TLS endpoint and gives a kubeconfig for it. */
export async function kubeconfigOf({ api }: Cluster): Promise<string> {
  const { url } = await listenOnce(api);
  const authority = Buffer.from(api.certificateAuthority ?? '').toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority-data': authority } }],
    users: [{ name: 'test', user: { token: adminToken } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}
