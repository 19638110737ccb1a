import {
  aGroup,
  allow,
  bindRole,
  clusterRole,
  readVerbs,
  standardRole,
  writeVerbs,
} from '../../client/clusterRole.ts';
import { authenticatedGroup, unauthenticatedGroup } from './UserInfo.ts';

const core = {
  objects: [
    'configmaps',
    'persistentvolumeclaims',
    'pods',
    'replicationcontrollers',
    'replicationcontrollers/scale',
    'serviceaccounts',
    'services',
  ],
  readOnly: [
    'bindings',
    'endpoints',
    'events',
    'limitranges',
    'namespaces',
    'namespaces/status',
    'persistentvolumeclaims/status',
    'pods/log',
    'pods/status',
    'replicationcontrollers/status',
    'resourcequotas',
    'resourcequotas/status',
    'services/status',
  ],
  connect: ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'services/proxy'],
};

/** Groups whose objects an editor may change, with what of them has a scale or a status. */
const workloads: Record<string, { objects: string[]; readOnly: string[] }> = {
  apps: {
    objects: [
      'daemonsets',
      'deployments',
      'deployments/rollback',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
    readOnly: [
      'controllerrevisions',
      'daemonsets/status',
      'deployments/status',
      'replicasets/status',
      'statefulsets/status',
    ],
  },
  autoscaling: {
    objects: ['horizontalpodautoscalers'],
    readOnly: ['horizontalpodautoscalers/status'],
  },
  batch: { objects: ['cronjobs', 'jobs'], readOnly: ['cronjobs/status', 'jobs/status'] },
  policy: { objects: ['poddisruptionbudgets'], readOnly: ['poddisruptionbudgets/status'] },
  'networking.k8s.io': {
    objects: ['ingresses', 'networkpolicies'],
    readOnly: ['ingresses/status'],
  },
};

const infoPaths = ['/healthz', '/livez', '/readyz', '/version', '/version/'];

/**
 * Kubernetes' own roles for people (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go, v1.33).
 */
export const userRoles = [
  clusterRole('cluster-admin', [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ]),
  clusterRole('system:discovery', [
    {
      nonResourceURLs: [
        ...['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'],
        ...infoPaths,
      ],
      verbs: ['get'],
    },
  ]),
  clusterRole('system:public-info-viewer', [{ nonResourceURLs: infoPaths, verbs: ['get'] }]),
  clusterRole('system:basic-user', [
    allow(
      'authorization.k8s.io',
      ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
      ['create'],
    ),
    allow('authentication.k8s.io', ['selfsubjectreviews'], ['create']),
  ]),
  clusterRole('system:auth-delegator', [
    allow('authentication.k8s.io', ['tokenreviews'], ['create']),
    allow('authorization.k8s.io', ['subjectaccessreviews'], ['create']),
  ]),
  clusterRole('system:service-account-issuer-discovery', [
    {
      nonResourceURLs: [
        '/.well-known/openid-configuration',
        '/.well-known/openid-configuration/',
        '/openid/v1/jwks',
        '/openid/v1/jwks/',
      ],
      verbs: ['get'],
    },
  ]),
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
      allow('', [...core.connect, 'secrets'], readVerbs),
      allow('', ['serviceaccounts'], ['impersonate']),
      allow('', [...core.objects, ...core.connect, 'events', 'secrets'], writeVerbs),
      allow('', ['pods/eviction', 'serviceaccounts/token'], ['create']),
      ...Object.entries(workloads).map(([group, { objects }]) => allow(group, objects, writeVerbs)),
      allow('coordination.k8s.io', ['leases'], [...readVerbs, ...writeVerbs]),
    ],
    'edit',
  ),
  clusterRole(
    'system:aggregate-to-view',
    [
      allow('', [...core.objects, ...core.readOnly], readVerbs),
      ...Object.entries(workloads).map(([group, { objects, readOnly }]) =>
        allow(group, [...objects, ...readOnly], readVerbs),
      ),
      allow('discovery.k8s.io', ['endpointslices'], readVerbs),
    ],
    'view',
  ),
];

export const userRoleBindings = [
  bindRole('cluster-admin', [aGroup('system:masters')]),
  bindRole('system:discovery', [aGroup(authenticatedGroup)]),
  bindRole('system:basic-user', [aGroup(authenticatedGroup)]),
  bindRole('system:public-info-viewer', [aGroup(authenticatedGroup), aGroup(unauthenticatedGroup)]),
  bindRole('system:service-account-issuer-discovery', [aGroup('system:serviceaccounts')]),
];
