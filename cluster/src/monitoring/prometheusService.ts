import { ApiError, methodNotAllowed, notImplemented } from '../apiserver/ApiError.ts';
import { serviceResource } from '../apiserver/builtins/serviceResource.ts';
import type { ApiHandler, ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { allow, clusterRole, readVerbs } from '../client/clusterRole.ts';
import { ensure } from '../client/ensure.ts';
import { ensureRoles } from '../client/ensureRoles.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { namespaces, type Service, services } from '../client/resources.ts';
import type { Monitoring } from './Monitoring.ts';

/** By these names kube-prometheus installs it, so that clients find it in the same place. */
const namespace = 'monitoring';
const name = 'prometheus-k8s';
const port = 'web';

/**
 * Services with the subresource `proxy`, by which the API server passes a request on; here to Prometheus
 * alone. RBAC decides who may: `get` on `services/proxy` with the name `prometheus-k8s:web`.
 */
export function servicesWithProxy(
  monitoring: () => Monitoring | undefined,
): ResourceDefinition<Service> {
  const handler: ApiHandler = async ({ method, params, query, client, signal }) => {
    if (method !== 'GET') throw methodNotAllowed();
    const [scheme, service = '', wanted = ''] = partsOf(params['name'] ?? '');
    await client.get(services, { namespace: params['namespace'], name: service });
    if (params['namespace'] !== namespace || service !== name || ![port, '9090'].includes(wanted)) {
      throw notImplemented('services/proxy of another service than monitoring/prometheus-k8s:web');
    }
    const path = (params['subresource'] ?? '').replace(/^proxy/, '') || '/';
    const search = query.size === 0 ? '' : `?${query.toString()}`;
    try {
      const found = monitoring();
      if (!found) throw new Error('this cluster keeps no metrics');
      return await found.get(`${path}${search}`, signal);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const where = `${scheme === '' ? '' : `${scheme}:`}${service}`;
      throw new ApiError(
        503,
        'ServiceUnavailable',
        `no endpoints available for service "${where}": ${why}`,
      );
    }
  };
  return { ...serviceResource, connect: { proxy: { verbs: ['get'], handler } } };
}

/** `https:name:port`, `name:port` or `name` as scheme, name and port. */
function partsOf(text: string): string[] {
  const parts = text.split(':');
  return parts.length === 3 ? parts : ['', ...parts];
}

/** Makes the service by which Prometheus is reached, and the role of those who may ask for everything. */
export async function installMonitoring(client: KubeClient): Promise<void> {
  await ensure(client, namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  await ensure(client, services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { clusterIP: 'None', ports: [{ name: port, port: 9090 }] },
  });
  // As OpenShift calls the role. There it names thanos-querier, which asks several of them.
  const role = clusterRole('cluster-monitoring-view', [
    allow('', ['namespaces'], readVerbs),
    {
      ...allow('', ['services/proxy'], ['get']),
      resourceNames: [`${name}:${port}`, `https:${name}:${port}`],
    },
  ]);
  await ensureRoles(client, [role], []);
}
