import type { Draft } from './KubeClient.ts';
import type { ClusterRole, PolicyRule, RoleBinding } from './resources.ts';

const group = 'rbac.authorization.k8s.io';
export const readVerbs = ['get', 'list', 'watch'];
export const writeVerbs = ['create', 'delete', 'deletecollection', 'patch', 'update'];

type Standard = 'admin' | 'edit' | 'view';

/** A rule for resources of one API group. */
export const allow = (apiGroup: string, resources: string[], verbs: string[]): PolicyRule => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});

/** A ClusterRole; `partOf` names the standard role that takes up its rules. */
export function clusterRole(
  name: string,
  rules: PolicyRule[],
  partOf?: Standard,
): Draft<ClusterRole> {
  return {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRole',
    metadata: { name, ...(partOf && { labels: aggregateTo(partOf) }) },
    rules,
  };
}

/** One of the standard roles: the sum of all roles that are labelled as parts of it. */
export function standardRole(name: Standard, partOf?: Standard): Draft<ClusterRole> {
  return {
    ...clusterRole(name, [], partOf),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateTo(name) }] },
  };
}

const aggregateTo = (role: Standard) => ({ [`${group}/aggregate-to-${role}`]: 'true' });

/** Gives the ClusterRole of the same name to a group everywhere. */
export function bindToGroup(role: string, name: string): Draft<RoleBinding> {
  return {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: role },
    subjects: [{ kind: 'Group', apiGroup: group, name }],
    roleRef: { kind: 'ClusterRole', apiGroup: group, name: role },
  };
}
