import type { RoleBinding } from '../../client/resources.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import type { PrinterColumn, ResourceDefinition } from '../ResourceDefinition.ts';
import { bindingAdmission } from './bindingRules.ts';
import { builtin } from './builtin.ts';

const common = {
  group: 'rbac.authorization.k8s.io',
  generation: false,
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
  builtin({
    ...common,
    kind: 'Role',
    plural: 'roles',
    namespaced: true,
    columns: [createdAt],
  }),
  builtin({
    ...common,
    kind: 'ClusterRole',
    plural: 'clusterroles',
    namespaced: false,
    columns: [createdAt],
  }),
  builtin<RoleBinding>({
    ...common,
    kind: 'RoleBinding',
    plural: 'rolebindings',
    namespaced: true,
    columns: bindingColumns,
    admission: bindingAdmission('RoleBinding'),
  }),
  builtin<RoleBinding>({
    ...common,
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    namespaced: false,
    columns: bindingColumns,
    admission: bindingAdmission('ClusterRoleBinding'),
  }),
];
