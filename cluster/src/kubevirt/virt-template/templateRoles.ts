import { allow, clusterRole, readVerbs, writeVerbs } from '../../client/clusterRole.ts';

const group = 'template.kubevirt.io';
const templates = ['virtualmachinetemplates'];
const name = 'virt-template-virtualmachinetemplate';
const readStatus = allow(group, ['virtualmachinetemplates/status'], ['get']);

/**
 * The roles of virt-template for users (config/rbac, e5d8e40). None of them may process a template: who
 * is to use `process` and `create` needs a role of their own.
 */
export const templateRoles = [
  clusterRole(
    `${name}-admin-role`,
    [allow(group, templates, [...readVerbs, ...writeVerbs]), readStatus],
    'admin',
  ),
  clusterRole(
    `${name}-editor-role`,
    [
      allow(group, templates, [
        ...readVerbs,
        ...writeVerbs.filter((verb) => verb !== 'deletecollection'),
      ]),
      readStatus,
    ],
    'edit',
  ),
  clusterRole(`${name}-viewer-role`, [allow(group, templates, readVerbs), readStatus], 'view'),
];
