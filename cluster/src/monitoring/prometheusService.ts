import { ApiError, methodNotAllowed, notImplemented } from '../apiserver/ApiError.ts';
import { authenticatedGroup } from '../apiserver/auth/UserInfo.ts';
import { serviceResource } from '../apiserver/builtins/serviceResource.ts';
import type { ApiHandler, ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { aGroup, allow, bindRole, clusterRole, readVerbs } from '../client/clusterRole.ts';
import { ensure } from '../client/ensure.ts';
import { ensureRoles } from '../client/ensureRoles.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { namespaces, type Service, services } from '../client/resources.ts';
import { messageOf } from '../client/messageOf.ts';
import type { Monitoring } from './Monitoring.ts';
import { tenantRequest } from './tenantRequest.ts';

/** By these names kube-prometheus installs it, so that clients find it in the same place. */
const namespace = 'monitoring';
const name = 'prometheus-k8s';
const ports = { web: 9090, tenancy: 9092 };
type Port = keyof typeof ports;

/**
 * Services with the subresource `proxy`, by which the API server passes a request on; here to Prometheus
 * alone. RBAC decides who may: `get` on `services/proxy` with the name `prometheus-k8s:web`. At the port
 * `tenancy`, which all may use, it answers about one namespace to those who may see its pods' metrics.
 */
export function servicesWithProxy(
  monitoring: () => Monitoring | undefined,
): ResourceDefinition<Service> {
  const handler: ApiHandler = async (request) => {
    const { method, params, query, client, signal } = request;
    if (method !== 'GET') throw methodNotAllowed();
    const [scheme, service = '', wanted = ''] = partsOf(params['name'] ?? '');
    await client.get(services, { namespace: params['namespace'], name: service });
    const port = portOf(wanted);
    if (params['namespace'] !== namespace || service !== name || port === undefined) {
      throw notImplemented('services/proxy of another service than monitoring/prometheus-k8s:web');
    }
    const path = (params['subresource'] ?? '').replace(/^proxy/, '') || '/';
    const search = query.size === 0 ? '' : `?${query.toString()}`;
    const asked = port === 'tenancy' ? await tenantRequest(request, path) : `${path}${search}`;
    try {
      const found = monitoring();
      if (!found) throw new Error('this cluster keeps no metrics');
      return await found.get(asked, signal);
    } catch (error) {
      const why = messageOf(error);
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

/** A port of the service, given by its name or number. */
function portOf(text: string): Port | undefined {
  if (text === 'web' || text === `${ports.web}`) return 'web';
  return text === 'tenancy' || text === `${ports.tenancy}` ? 'tenancy' : undefined;
}

const mayProxy = (port: Port) => ({
  ...allow('', ['services/proxy'], ['get']),
  resourceNames: [`${name}:${port}`, `https:${name}:${port}`],
});

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
    spec: {
      clusterIP: 'None',
      ports: Object.entries(ports).map(([port, number]) => ({ name: port, port: number })),
    },
  });
  // As OpenShift calls the role. There it names thanos-querier, which asks several of them.
  const role = clusterRole('cluster-monitoring-view', [
    allow('', ['namespaces'], readVerbs),
    mayProxy('web'),
  ]);
  // Whoever may see a project may see the metrics of its pods (metrics-server's role of the same name).
  const reader = clusterRole(
    'system:aggregated-metrics-reader',
    [allow('metrics.k8s.io', ['pods', 'nodes'], readVerbs)],
    'view',
  );
  const tenant = clusterRole('prometheus-tenancy', [mayProxy('tenancy')]);
  const tenants = bindRole('prometheus-tenancy', [aGroup(authenticatedGroup)], { namespace });
  await ensureRoles(client, [role, reader, tenant], [tenants]);
}
