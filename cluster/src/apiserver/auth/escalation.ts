import type { ClusterRole, PolicyRule, RoleBinding } from '../../client/resources.ts';
import { forbidden, invalid } from '../ApiError.ts';
import { jsonEqual } from '../json.ts';
import type { AdmissionContext, AnyObject, ResourceDefinition } from '../ResourceDefinition.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import type { Attributes, Authorize } from './Authorize.ts';
import { has, isMaster, rbacGroup, resourceCovers, rulesFor, rulesOf, urlCovers } from './rbac.ts';
import type { UserInfo } from './UserInfo.ts';

/**
 * Nobody grants by RBAC what they may not do themselves, unless they have the verb `escalate` on the
 * role or `bind` on the role that a binding names (Kubernetes: pkg/registry/rbac/*\/policybased, v1.33).
 */
export function guardEscalation(
  definition: ResourceDefinition,
  store: ObjectStore,
  authorize: Authorize,
): ResourceDefinition {
  if (definition.group !== rbacGroup) return definition;
  const check = definition.kind.endsWith('Binding') ? checkBinding : checkRole;
  return {
    ...definition,
    admission: {
      ...definition.admission,
      async validate(context) {
        await definition.admission?.validate?.(context);
        if (context.operation === 'DELETE') return;
        await check({ definition, store, authorize }, context);
      },
    },
  };
}

interface Guard {
  readonly definition: ResourceDefinition;
  readonly store: ObjectStore;
  readonly authorize: Authorize;
}

type Write = AdmissionContext & { object: object };

async function checkRole(guard: Guard, context: Write): Promise<void> {
  const { user, name, namespace = '' } = context;
  const role = as<ClusterRole>(context.object);
  const old = context.oldObject && as<ClusterRole>(context.oldObject);
  const isSame = (a: unknown, b: unknown) => jsonEqual(a ?? [], b ?? []);
  if (old && isSame(role.rules, old.rules) && isSame(role.aggregationRule, old.aggregationRule)) {
    return;
  }
  if (isMaster(user)) return;
  if (await mayOn(guard, user, 'escalate', guard.definition.plural, namespace, name)) return;
  const held = rulesFor(guard.store, user, namespace);
  if (role.aggregationRule && !isSame(role.aggregationRule, old?.aggregationRule)) {
    // What it will sum up to is not known, so that only who may do everything can say so.
    const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
    requireHeld(guard, user, name, held, [everything]);
  }
  requireHeld(guard, user, name, held, role.rules ?? []);
}

async function checkBinding(guard: Guard, context: Write): Promise<void> {
  const { user, name, namespace = '' } = context;
  const { roleRef, subjects } = as<RoleBinding>(context.object);
  const old = context.oldObject && as<RoleBinding>(context.oldObject);
  if (old && !jsonEqual(roleRef, old.roleRef)) {
    throw invalid({ group: rbacGroup, kind: guard.definition.kind }, name, [
      {
        reason: 'FieldValueInvalid',
        field: 'roleRef',
        message: `Invalid value: ${JSON.stringify(roleRef)}: cannot change roleRef`,
      },
    ]);
  }
  if (old && jsonEqual(subjects ?? [], old.subjects ?? [])) return;
  if (isMaster(user)) return;
  const plural = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  if (await mayOn(guard, user, 'bind', plural, namespace, roleRef.name)) return;
  const held = rulesFor(guard.store, user, namespace);
  requireHeld(guard, user, name, held, rulesOf(guard.store, roleRef, namespace));
}

async function mayOn(
  { authorize }: Guard,
  user: UserInfo,
  verb: string,
  resource: string,
  namespace: string,
  name: string,
): Promise<boolean> {
  const attributes: Attributes = {
    kind: 'resource',
    ...{ verb, group: rbacGroup, version: 'v1', resource, subresource: '', namespace, name },
  };
  return (await authorize(user, attributes)).allowed;
}

function requireHeld(
  { definition }: Guard,
  user: UserInfo,
  name: string,
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): void {
  const missing = wanted
    .flatMap(breakDown)
    .filter((one) => !held.some((rule) => covers(rule, one)));
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  const list = missing.map(ruleText).join('\n');
  throw forbidden(
    definition,
    name,
    `user "${user.username}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${list}`,
  );
}

/** The rule as rules of one verb on one resource, name or URL each. */
function breakDown(rule: PolicyRule): PolicyRule[] {
  const single: PolicyRule[] = [];
  for (const verb of rule.verbs) {
    for (const url of rule.nonResourceURLs ?? []) {
      single.push({ verbs: [verb], nonResourceURLs: [url] });
    }
    for (const group of rule.apiGroups ?? []) {
      for (const resource of rule.resources ?? []) {
        const one = { verbs: [verb], apiGroups: [group], resources: [resource] };
        const names = rule.resourceNames ?? [];
        if (names.length === 0) single.push(one);
        for (const name of names) single.push({ ...one, resourceNames: [name] });
      }
    }
  }
  return single;
}

/** `one` has one value in each of its lists. */
function covers(rule: PolicyRule, one: PolicyRule): boolean {
  const first = (list: readonly string[] | undefined) => list?.[0] ?? '';
  if (!has(rule.verbs, first(one.verbs))) return false;
  if (one.nonResourceURLs) {
    return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, first(one.nonResourceURLs)));
  }
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups ?? [], first(one.apiGroups)) &&
    (rule.resources ?? []).some((allowed) => resourceCovers(allowed, first(one.resources))) &&
    (names.length === 0 ||
      (one.resourceNames !== undefined && names.includes(first(one.resourceNames))))
  );
}

/** As Go prints a PolicyRule in compact form. */
function ruleText(rule: PolicyRule): string {
  const list = (values: readonly string[]) => `[${values.map((one) => `"${one}"`).join(' ')}]`;
  const fields = [
    ...(rule.apiGroups ? [`APIGroups:${list(rule.apiGroups)}`] : []),
    ...(rule.resources ? [`Resources:${list(rule.resources)}`] : []),
    ...(rule.resourceNames ? [`ResourceNames:${list(rule.resourceNames)}`] : []),
    ...(rule.nonResourceURLs ? [`NonResourceURLs:${list(rule.nonResourceURLs)}`] : []),
    `Verbs:${list(rule.verbs)}`,
  ];
  return `{${fields.join(', ')}}`;
}

/** The type that the definition's kind promises. */
function as<T>(object: AnyObject | object): T {
  return object as unknown as T;
}
