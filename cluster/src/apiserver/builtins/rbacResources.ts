import type { RoleBinding } from '../../client/resources.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import type { PrinterColumn, ResourceDefinition } from '../ResourceDefinition.ts';

const builtin = {
  group: 'rbac.authorization.k8s.io',
  versions: [{ name: 'v1' }],
  generation: false,
  strategicMerge: true,
  nameRule: 'path',
} as const;

const createdAt: PrinterColumn = {
  name: 'Created At',
  type: 'string',
  value: '.metadata.creationTimestamp',
};

const subjects = (kind: string) => (object: object) =>
  ((object as RoleBinding).subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (namespace === undefined ? name : `${namespace}/${name}`))
    .join(', ');

const bindingColumns: PrinterColumn[] = [
  {
    name: 'Role',
    type: 'string',
    value: (object) => {
      const { roleRef } = object as RoleBinding;
      return `${roleRef.kind}/${roleRef.name}`;
    },
  },
  ageColumn,
  { name: 'Users', type: 'string', value: subjects('User'), priority: 1 },
  { name: 'Groups', type: 'string', value: subjects('Group'), priority: 1 },
  { name: 'ServiceAccounts', type: 'string', value: subjects('ServiceAccount'), priority: 1 },
];

/** Roles and their bindings; `auth/rbac.ts` evaluates them. */
export const rbacResources: readonly ResourceDefinition[] = [
  {
    ...builtin,
    kind: 'Role',
    plural: 'roles',
    singular: 'role',
    namespaced: true,
    columns: [createdAt],
  },
  {
    ...builtin,
    kind: 'ClusterRole',
    plural: 'clusterroles',
    singular: 'clusterrole',
    namespaced: false,
    columns: [createdAt],
  },
  {
    ...builtin,
    kind: 'RoleBinding',
    plural: 'rolebindings',
    singular: 'rolebinding',
    namespaced: true,
    columns: bindingColumns,
  },
  {
    ...builtin,
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    singular: 'clusterrolebinding',
    namespaced: false,
    columns: bindingColumns,
  },
];
