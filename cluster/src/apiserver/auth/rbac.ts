import type {
  ClusterRole,
  PolicyRule,
  Role,
  RoleBinding,
  RoleSubject,
} from '../../client/resources.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import type { StoredObject } from '../storage/StoredObject.ts';
import type { Attributes, Authorize } from './Authorize.ts';
import type { UserInfo } from './UserInfo.ts';

export const rbacGroup = 'rbac.authorization.k8s.io';

/** Authorises by the roles and bindings in the store; `system:masters` may do everything. */
export function rbac(store: ObjectStore): Authorize {
  return (user, attributes) => {
    if (isMaster(user)) return { allowed: true, reason: '' };
    const namespace = attributes.kind === 'resource' ? attributes.namespace : '';
    for (const { rules, reason } of grants(store, user, namespace)) {
      if (rules.some((rule) => ruleAllows(rule, attributes))) {
        return { allowed: true, reason: reason() };
      }
    }
    return { allowed: false, reason: '' };
  };
}

export const isMaster = (user: UserInfo) => user.groups.includes('system:masters');

/** All rules that hold for a user in a namespace; '' gives those that hold everywhere. */
export function rulesFor(store: ObjectStore, user: UserInfo, namespace: string): PolicyRule[] {
  const own = [...grants(store, user, namespace)].flatMap(({ rules }) => [...rules]);
  if (!isMaster(user)) return own;
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
  return [everything, { verbs: ['*'], nonResourceURLs: ['*'] }, ...own];
}

/** The rules of the role that a binding in `namespace` names; none when the role is missing. */
export function rulesOf(
  store: ObjectStore,
  { kind, name }: RoleBinding['roleRef'],
  namespace: string,
): readonly PolicyRule[] {
  const role =
    kind === 'Role'
      ? store.get(`roles.${rbacGroup}`, namespace, name)
      : store.get(`clusterroles.${rbacGroup}`, '', name);
  return role === undefined ? [] : (as<Role | ClusterRole>(role).rules ?? []);
}

function* grants(
  store: ObjectStore,
  user: UserInfo,
  namespace: string,
): Generator<{ rules: readonly PolicyRule[]; reason: () => string }> {
  const bindings = [
    ...store.list(`clusterrolebindings.${rbacGroup}`, undefined),
    ...(namespace === '' ? [] : store.list(`rolebindings.${rbacGroup}`, namespace)),
  ];
  for (const stored of bindings) {
    const binding = as<RoleBinding>(stored);
    const subject = (binding.subjects ?? []).find((one) => isSubject(one, user, stored.namespace));
    if (subject === undefined) continue;
    yield {
      rules: rulesOf(store, binding.roleRef, stored.namespace),
      reason: () => reasonOf(binding, subject),
    };
  }
}

function reasonOf({ kind, metadata, roleRef }: RoleBinding, subject: RoleSubject): string {
  const of = metadata.namespace === undefined ? '' : `/${metadata.namespace}`;
  const whom =
    subject.kind === 'ServiceAccount'
      ? `ServiceAccount "${subject.name}/${subject.namespace ?? metadata.namespace ?? ''}"`
      : `${subject.kind} "${subject.name}"`;
  return `RBAC: allowed by ${kind} "${metadata.name}${of}" of ${roleRef.kind} "${roleRef.name}" to ${whom}`;
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

function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === 'path') {
    return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, attributes.path));
  }
  const { group, resource, subresource, name } = attributes;
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups ?? [], group) &&
    (rule.resources ?? []).some((allowed) => resourceCovers(allowed, full)) &&
    (names.length === 0 || names.includes(name))
  );
}

/** Does `pods`, `pods/log`, `*` or a star before a subresource take in `pods/log`? */
export function resourceCovers(allowed: string, wanted: string): boolean {
  if (allowed === '*' || allowed === wanted) return true;
  const slash = wanted.indexOf('/');
  return slash >= 0 && allowed === `*${wanted.slice(slash)}`;
}

export function urlCovers(allowed: string, wanted: string): boolean {
  if (allowed === wanted) return true;
  return allowed.endsWith('*') && wanted.startsWith(allowed.slice(0, -1));
}

export function has(allowed: readonly string[], wanted: string): boolean {
  return allowed.includes('*') || allowed.includes(wanted);
}

/** The type that the key of the resource promises. */
function as<T>(stored: StoredObject): T {
  return stored.object as unknown as T;
}
