import { allow, clusterRole, readVerbs, standardRole, writeVerbs } from './client/clusterRole.ts';

const objects = ['configmaps', 'persistentvolumeclaims', 'pods', 'serviceaccounts', 'services'];
const readOnly = [
  'events',
  'limitranges',
  'namespaces',
  'pods/log',
  'pods/status',
  'resourcequotas',
  'resourcequotas/status',
];

/**
 * Kubernetes' own roles for users, for the resources that are here
 * (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go).
 */
export const kubernetesRoles = [
  {
    ...clusterRole('cluster-admin', [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ]),
  },
  standardRole('admin'),
  standardRole('edit', 'admin'),
  standardRole('view', 'edit'),
  clusterRole(
    'system:aggregate-to-admin',
    [
      allow('authorization.k8s.io', ['localsubjectaccessreviews'], ['create']),
      allow('rbac.authorization.k8s.io', ['roles', 'rolebindings'], [...readVerbs, ...writeVerbs]),
    ],
    'admin',
  ),
  clusterRole(
    'system:aggregate-to-edit',
    [
      allow('', objects, writeVerbs),
      allow('', ['secrets'], [...readVerbs, ...writeVerbs]),
      allow('policy', ['poddisruptionbudgets'], writeVerbs),
      allow('coordination.k8s.io', ['leases'], [...readVerbs, ...writeVerbs]),
    ],
    'edit',
  ),
  clusterRole(
    'system:aggregate-to-view',
    [
      allow('', [...objects, ...readOnly], readVerbs),
      allow('apps', ['controllerrevisions'], readVerbs),
      allow('policy', ['poddisruptionbudgets'], readVerbs),
    ],
    'view',
  ),
];
