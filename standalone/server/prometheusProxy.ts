import type { FastifyInstance } from 'fastify';
import { consoleStatus } from './consoleStatus.ts';
import { kubernetesPath, passOn } from './kubernetesProxy.ts';
import type { KubernetesTarget } from './KubernetesTarget.ts';

/** As kube-prometheus installs it. */
const usual = 'monitoring/prometheus-k8s:web';

/** The port that answers about one project alone, as that of OpenShift's thanos-querier is called. */
const tenancyPort = 'tenancy';

/** What a console asks: all of it only reads. */
const readable =
  /^\/api\/v1\/(query|query_range|series|labels|label\/[^/]+\/values|metadata|rules|alerts)(\?|$)/;

/**
 * Forwards `/api/prometheus/api/v1/*`, and `/api/prometheus-tenancy/api/v1/*` with its `namespace`, as the OpenShift console does, to a Prometheus that is reached through
 * the API server's proxy of services: by the user's own identity, so that RBAC decides who may ask.
 * `service` is `namespace/name:port`; throws when it is not.
 */
export function prometheusProxy(
  app: FastifyInstance,
  target: KubernetesTarget,
  service = usual,
): void {
  const [, namespace, name] = /^([a-z0-9-]+)\/([a-z0-9:-]+)$/.exec(service) ?? [];
  if (namespace === undefined || name === undefined) {
    throw new Error(`The Prometheus service must be NAMESPACE/NAME:PORT, not "${service}".`);
  }
  const [host = '', port = ''] = splitPort(name);
  const routes = { '/api/prometheus': port, '/api/prometheus-tenancy': `:${tenancyPort}` };
  for (const [prefix, at] of Object.entries(routes)) {
    forward(app, target, prefix, `/api/v1/namespaces/${namespace}/services/${host}${at}/proxy`);
  }
}

/** `name:port` or `https:name:port` as all before the last colon, and the rest. */
function splitPort(name: string): string[] {
  const colon = name.lastIndexOf(':');
  return colon < 0 ? [name, ''] : [name.slice(0, colon), name.slice(colon)];
}

function forward(app: FastifyInstance, target: KubernetesTarget, prefix: string, base: string) {
  app.get(`${prefix}/*`, async (request, reply) => {
    const path = kubernetesPath(request.raw.url ?? '', prefix);
    if (path === undefined || !readable.test(path)) {
      const what = path?.split('?')[0] ?? 'a path with "." or ".." segments';
      return reply
        .code(404)
        .send(consoleStatus(404, 'NotFound', `This console does not ask Prometheus for ${what}.`));
    }
    return passOn(request, reply, target, `${base}${path}`);
  });
}
