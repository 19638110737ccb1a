import { jsonEqual } from '../apiserver/json.ts';
import { ensure } from './ensure.ts';
import type { Draft, KubeClient } from './KubeClient.ts';
import {
  type ClusterRole,
  clusterRoleBindings,
  clusterRoles,
  type RoleBinding,
  roleBindings,
} from './resources.ts';

const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate';

/**
 * Makes the roles and bindings that a program ships, and brings roles of an older release up to date.
 * A role that its administrator has annotated `autoupdate: "false"` stays as it is; so does the sum
 * of an aggregated one. Bindings are made where they are missing and then left alone.
 */
export async function ensureRoles(
  client: KubeClient,
  roles: readonly Draft<ClusterRole>[],
  bindings: readonly Draft<RoleBinding>[],
): Promise<void> {
  const { items } = await client.list(clusterRoles);
  const known = new Map(items.map((role) => [role.metadata.name, role]));
  await Promise.all(
    roles.map((role) => {
      const found = known.get(role.metadata.name ?? '');
      return found ? update(client, found, role) : ensure(client, clusterRoles, role);
    }),
  );
  await Promise.all(
    bindings.map((binding) =>
      ensure(client, binding.kind === 'RoleBinding' ? roleBindings : clusterRoleBindings, binding),
    ),
  );
}

async function update(
  client: KubeClient,
  found: ClusterRole,
  shipped: Draft<ClusterRole>,
): Promise<void> {
  const { annotations, labels, name } = found.metadata;
  if (annotations?.[autoUpdate] === 'false') return;
  const { aggregationRule } = shipped;
  const wanted = { ...labels, ...shipped.metadata.labels };
  const rules = aggregationRule ? found.rules : shipped.rules;
  const isSame =
    jsonEqual(wanted, labels ?? {}) &&
    jsonEqual(rules, found.rules) &&
    jsonEqual(aggregationRule, found.aggregationRule);
  const body = { metadata: { labels: wanted }, rules, aggregationRule };
  if (!isSame) await client.patch(clusterRoles, { name }, { type: 'merge', body });
}
