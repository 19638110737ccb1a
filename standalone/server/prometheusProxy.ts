import type { FastifyInstance } from 'fastify';
import { consoleStatus } from './consoleStatus.ts';
import { kubernetesPath, passOn } from './kubernetesProxy.ts';
import type { KubernetesTarget } from './KubernetesTarget.ts';

const prefix = '/api/prometheus';
/** As kube-prometheus installs it. */
const usual = 'monitoring/prometheus-k8s:web';

/** What a console asks: all of it only reads. */
const readable =
  /^\/api\/v1\/(query|query_range|series|labels|label\/[^/]+\/values|metadata|rules|alerts)(\?|$)/;

/**
 * Forwards `/api/prometheus/api/v1/*` as the OpenShift console does, to a Prometheus that is reached through
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
  const base = `/api/v1/namespaces/${namespace}/services/${name}/proxy`;
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
