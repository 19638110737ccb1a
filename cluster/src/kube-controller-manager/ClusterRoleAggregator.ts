import { jsonEqual } from '../apiserver/json.ts';
import type { Informer } from '../client/Informer.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { type ClusterRole, clusterRoles, type PolicyRule } from '../client/resources.ts';

interface Dependencies {
  client: KubeClient;
  clusterRoles: Pick<Informer<ClusterRole>, 'get' | 'list'>;
}

/**
 * Writes the sum of the roles that its selectors name into each aggregated ClusterRole. Sums may be
 * parts of others: `view` is one of `edit`, and that of `admin`. Kubernetes:
 * pkg/controller/clusterroleaggregation, v1.33.
 */
export class ClusterRoleAggregator {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** The aggregated roles that a change of this role may change. */
  aggregated(): ObjectKey[] {
    return this.#is.clusterRoles
      .list()
      .filter(({ aggregationRule }) => aggregationRule)
      .map(({ metadata }) => ({ name: metadata.name }));
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const role = this.#is.clusterRoles.get(key);
    if (!role?.aggregationRule || role.metadata.deletionTimestamp) return;
    const rules = sumOf(role, this.#is.clusterRoles.list());
    if (jsonEqual(rules, role.rules ?? [])) return;
    const body = { metadata: { resourceVersion: role.metadata.resourceVersion }, rules };
    await ignoreGone(this.#is.client.patch(clusterRoles, key, { type: 'merge', body }));
  }
}

/** Until all sums are right, for the start: nobody's rights are to be missing for a moment. */
export async function aggregateClusterRoles(client: KubeClient): Promise<void> {
  for (;;) {
    const { items } = await client.list(clusterRoles);
    const list = () => items;
    const get = ({ name }: ObjectKey) => items.find(({ metadata }) => metadata.name === name);
    const before = items.map(({ metadata }) => metadata.resourceVersion).join();
    const aggregator = new ClusterRoleAggregator({ client, clusterRoles: { list, get } });
    for (const key of aggregator.aggregated()) await aggregator.reconcile(key);
    const { items: after } = await client.list(clusterRoles);
    if (after.map(({ metadata }) => metadata.resourceVersion).join() === before) return;
  }
}

function sumOf(role: ClusterRole, all: readonly ClusterRole[]): PolicyRule[] {
  const rules: PolicyRule[] = [];
  const parts = (role.aggregationRule?.clusterRoleSelectors ?? []).flatMap(({ matchLabels = {} }) =>
    all
      .filter(({ metadata }) =>
        Object.entries(matchLabels).every(([key, value]) => metadata.labels?.[key] === value),
      )
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
  );
  for (const part of parts) {
    if (part.metadata.name === role.metadata.name) continue;
    for (const rule of part.rules ?? []) {
      if (!rules.some((known) => jsonEqual(known, rule))) rules.push(rule);
    }
  }
  return rules;
}
