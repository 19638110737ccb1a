import type { Draft, KubeClient, KubeObject, ResourceRef } from '../../client/KubeClient.ts';
import { endpoints, endpointSlices, services } from '../../client/resources.ts';
import { hasReason } from '../ApiError.ts';
import { apiServerAddress } from './ServiceAddresses.ts';

const metadata = { namespace: 'default', name: 'kubernetes' };
const serviceName = { 'kubernetes.io/service-name': metadata.name };

/**
 * The Service `kubernetes`, by which the API server is found from inside, and where it leads: to the port of
 * 127.0.0.1 on which it listens now. Kubernetes: pkg/controlplane/controller/kubernetesservice, v1.33.
 */
export async function publishApiServer(client: KubeClient, port: number): Promise<void> {
  const https = { name: 'https', port, protocol: 'TCP' };
  await put(client, services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      clusterIP: apiServerAddress,
      ports: [{ ...https, port: 443, targetPort: port }],
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
  });
  await put(client, endpoints, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [https] }],
  });
  await put(client, endpointSlices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: serviceName },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
    ports: [https],
  });
}

/** Creates the object, or brings the one that is there to what it says. */
async function put<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceRef<T>,
  wanted: Draft<T>,
): Promise<void> {
  try {
    await client.create(resource, wanted);
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
    const { metadata: _, ...body } = wanted;
    await client.patch(resource, metadata, { type: 'merge', body });
  }
}
