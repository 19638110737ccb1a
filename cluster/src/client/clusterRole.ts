import type { Draft } from './KubeClient.ts';
import type { ClusterRole, PolicyRule, RoleBinding, RoleSubject } from './resources.ts';

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

export const aGroup = (name: string): RoleSubject => ({ kind: 'Group', apiGroup: group, name });
export const aUser = (name: string): RoleSubject => ({ kind: 'User', apiGroup: group, name });
export const anAccount = (namespace: string, name: string): RoleSubject => ({
  kind: 'ServiceAccount',
  name,
  namespace,
});

/** Gives the ClusterRole of the same name, or `role`, to the subjects: everywhere, or in a namespace. */
export function bindRole(
  name: string,
  subjects: RoleSubject[],
  { role = name, namespace }: { role?: string; namespace?: string } = {},
): Draft<RoleBinding> {
  return {
    apiVersion: `${group}/v1`,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    subjects,
    roleRef: { kind: 'ClusterRole', apiGroup: group, name: role },
  };
}
