import type {
  ClusterRole,
  LabelSelector,
  PolicyRule,
  Role,
  RoleBinding,
  RoleSubject,
} from '../../client/resources.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import type { StoredObject } from '../storage/StoredObject.ts';
import type { Attributes, Authorize } from './Authorize.ts';
import type { UserInfo } from './UserInfo.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

/** What every authenticated user may do: the roles system:discovery and system:basic-user. */
const everyonesRules: readonly PolicyRule[] = [
  {
    verbs: ['get'],
    nonResourceURLs: [
      '/api',
      '/api/*',
      '/apis',
      '/apis/*',
      '/openapi',
      '/openapi/*',
      '/version',
      '/version/',
      '/healthz',
      '/livez',
      '/readyz',
    ],
  },
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
];

/** Authorises by the roles and bindings in the store; `system:masters` may do everything. */
export function rbac(store: ObjectStore): Authorize {
  return (user, attributes) => {
    if (user.groups.includes('system:masters')) return { allowed: true, reason: '' };
    const namespace = attributes.kind === 'resource' ? attributes.namespace : '';
    for (const { rules, reason } of grants(store, user, namespace)) {
      if (rules.some((rule) => ruleAllows(rule, attributes))) return { allowed: true, reason };
    }
    return { allowed: false, reason: '' };
  };
}

/** All rules that hold for a user in a namespace; '' gives those that hold everywhere. */
export function rulesFor(store: ObjectStore, user: UserInfo, namespace: string): PolicyRule[] {
  const own = [...grants(store, user, namespace)].flatMap(({ rules }) => [...rules]);
  if (!user.groups.includes('system:masters')) return own;
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
  return [everything, { verbs: ['*'], nonResourceURLs: ['*'] }, ...own];
}

function* grants(
  store: ObjectStore,
  user: UserInfo,
  namespace: string,
): Generator<{ rules: readonly PolicyRule[]; reason: string }> {
  if (user.groups.includes('system:authenticated')) {
    yield { rules: everyonesRules, reason: '' };
  }
  const bindings = [
    ...store.list(`clusterrolebindings.${rbacGroup}`, undefined),
    ...(namespace === '' ? [] : store.list(`rolebindings.${rbacGroup}`, namespace)),
  ];
  for (const stored of bindings) {
    const binding = as<RoleBinding>(stored);
    if (!(binding.subjects ?? []).some((subject) => isSubject(subject, user, stored.namespace))) {
      continue;
    }
    const { kind, name } = binding.roleRef;
    const where = stored.namespace === '' ? '' : `${stored.namespace}/`;
    const reason = `RBAC: allowed by ${binding.kind} "${where}${stored.name}" of ${kind} "${name}"`;
    yield { rules: rulesOf(store, binding, stored.namespace), reason };
  }
}

function isSubject(subject: RoleSubject, user: UserInfo, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.username;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount': {
      const namespace = subject.namespace || bindingNamespace;
      return user.username === `system:serviceaccount:${namespace}:${subject.name}`;
    }
  }
}

function rulesOf(store: ObjectStore, binding: RoleBinding, namespace: string): PolicyRule[] {
  const { kind, name } = binding.roleRef;
  if (kind === 'Role') {
    const role = store.get(`roles.${rbacGroup}`, namespace, name);
    return role === undefined ? [] : [...(as<Role>(role).rules ?? [])];
  }
  const stored = store.get(`clusterroles.${rbacGroup}`, '', name);
  if (stored === undefined) return [];
  return clusterRules(store, as<ClusterRole>(stored), new Set());
}

/**
 * An aggregated role is the sum of the roles that its selectors name, some of which may be sums
 * themselves: `view` is a part of `edit`, and that of `admin`.
 */
function clusterRules(store: ObjectStore, role: ClusterRole, seen: Set<string>): PolicyRule[] {
  if (seen.has(role.metadata.name)) return [];
  seen.add(role.metadata.name);
  const selectors = role.aggregationRule?.clusterRoleSelectors;
  if (selectors === undefined) return [...(role.rules ?? [])];
  return store
    .list(`clusterroles.${rbacGroup}`, undefined)
    .filter((candidate) => selectors.some((selector) => selects(selector, candidate)))
    .flatMap((candidate) => clusterRules(store, as<ClusterRole>(candidate), seen));
}

function selects(selector: LabelSelector, { object }: StoredObject): boolean {
  const labels = object.metadata.labels ?? {};
  return Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}

export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === 'path') {
    return (rule.nonResourceURLs ?? []).some((url) =>
      url.endsWith('*') ? attributes.path.startsWith(url.slice(0, -1)) : url === attributes.path,
    );
  }
  const { group, resource, subresource, name } = attributes;
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups ?? [], group) &&
    (rule.resources ?? []).some(
      (allowed) =>
        allowed === '*' ||
        allowed === full ||
        (subresource !== '' && allowed === `*/${subresource}`),
    ) &&
    (names.length === 0 || names.includes(name))
  );
}

function has(allowed: readonly string[], wanted: string): boolean {
  return allowed.includes('*') || allowed.includes(wanted);
}

/** The type that the key of the resource promises. */
function as<T>(stored: StoredObject): T {
  return stored.object as unknown as T;
}
