import { badRequest, forbidden, pathNotFound } from '../apiserver/ApiError.ts';
import type { ApiRequest } from '../apiserver/ResourceDefinition.ts';
import { denialText } from '../apiserver/auth/Authorize.ts';
import { isAllowed } from '../client/isAllowed.ts';
import { enforceNamespace, QueryError } from './enforceNamespace.ts';

/** What is asked of the metrics of one namespace; the parameter that selects series, of each. */
const selecting: Readonly<Record<string, 'query' | 'match[]'>> = {
  '/api/v1/query': 'query',
  '/api/v1/query_range': 'query',
  '/api/v1/series': 'match[]',
  '/api/v1/labels': 'match[]',
};

/**
 * A request about one namespace as it may be passed on to Prometheus: who asks has the right to the
 * metrics of its pods, and every selector is bound to it. So do kube-rbac-proxy and prom-label-proxy before
 * the Prometheus of OpenShift (cluster-monitoring-operator assets/thanos-querier, port `tenancy`).
 */
export async function tenantRequest(request: ApiRequest, path: string): Promise<string> {
  const [namespace, second] = request.query.getAll('namespace');
  if (!namespace || second !== undefined) {
    throw badRequest('The "namespace" query parameter must be provided, once.');
  }
  await authorize(request, namespace);
  const selects = /^\/api\/v1\/label\/[^/]+\/values$/.test(path) ? 'match[]' : selecting[path];
  if (selects === undefined) throw pathNotFound();
  const wanted = new URLSearchParams(request.query);
  const selectors = wanted.getAll(selects);
  wanted.delete(selects);
  wanted.delete('namespace');
  // Without a selector these list the labels of all series.
  const all = selects === 'match[]' && selectors.length === 0 ? ['{}'] : selectors;
  try {
    for (const text of all) wanted.append(selects, enforceNamespace(text, namespace));
  } catch (error) {
    if (error instanceof QueryError) throw badRequest(error.message);
    throw error;
  }
  return `${path}?${wanted.toString()}`;
}

async function authorize({ user, client }: ApiRequest, namespace: string): Promise<void> {
  const group = 'metrics.k8s.io';
  if (await isAllowed(client, user, { verb: 'get', group, resource: 'pods', namespace })) return;
  const attributes = {
    ...({ kind: 'resource', verb: 'get', group, version: 'v1beta1' } as const),
    ...{ resource: 'pods', subresource: '', namespace, name: '' },
  };
  throw forbidden({ group, plural: 'pods' }, '', denialText(user, attributes, ''));
}
