import { allow, clusterRole, readVerbs, writeVerbs } from '../client/clusterRole.ts';

const group = 'cdi.kubevirt.io';
const resources = ['datavolumes', 'datasources'];

/** CDI's roles for users (pkg/operator/resources/cluster/rbac.go, c07cdb6), for the resources that are here. */
export const cdiRoles = [
  clusterRole(
    'cdi.kubevirt.io:edit',
    [
      allow(group, resources, [...readVerbs, ...writeVerbs]),
      allow(group, ['datavolumes/source'], ['create']),
    ],
    'edit',
  ),
  clusterRole('cdi.kubevirt.io:view', [allow(group, resources, readVerbs)], 'view'),
];
