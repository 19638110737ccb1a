import { aGroup, allow, bindRole, clusterRole, readVerbs } from '../client/clusterRole.ts';

const group = 'cdi.kubevirt.io';
const resources = [
  'datavolumes',
  'dataimportcrons',
  'datasources',
  'volumeimportsources',
  'volumeuploadsources',
  'volumeclonesources',
];

const everything = [
  allow(group, resources, ['*']),
  allow(group, ['datavolumes/source'], ['create']),
  allow('upload.cdi.kubevirt.io', ['uploadtokenrequests'], ['*']),
];

/** CDI's roles for users (pkg/operator/resources/cluster/rbac.go, c07cdb6). */
export const cdiRoles = [
  clusterRole('cdi.kubevirt.io:admin', everything, 'admin'),
  clusterRole('cdi.kubevirt.io:edit', everything, 'edit'),
  clusterRole('cdi.kubevirt.io:view', [allow(group, resources, readVerbs)], 'view'),
  clusterRole('cdi.kubevirt.io:config-reader', [
    allow(group, ['cdiconfigs', 'storageprofiles'], readVerbs),
  ]),
  clusterRole('cdi.kubevirt.io:clone-sourcer', [allow(group, ['datavolumes/source'], ['create'])]),
];

export const cdiRoleBindings = [
  bindRole('cdi.kubevirt.io:config-reader', [aGroup('system:authenticated')]),
];
