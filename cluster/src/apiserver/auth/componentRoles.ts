import {
  aGroup,
  allow,
  anAccount,
  aUser,
  bindRole,
  clusterRole,
  readVerbs,
} from '../../client/clusterRole.ts';

const recordEvents = ['', 'events.k8s.io'].map((group) =>
  allow(group, ['events'], ['create', 'patch', 'update']),
);
const controller = (name: string) => `system:controller:${name}`;

/**
 * The rights of Kubernetes' own components (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go
 * and controller_policy.go, v1.33), as far as they are here. There is no node authorizer, so that
 * kubelets have theirs by RBAC.
 */
export const componentRoles = [
  clusterRole('system:kube-controller-manager', [
    ...recordEvents,
    allow('*', ['*'], ['list', 'watch']),
    allow('', ['secrets', 'serviceaccounts'], ['create', 'get', 'update', 'patch', 'delete']),
    allow('', ['serviceaccounts/token'], ['create']),
    allow('coordination.k8s.io', ['leases'], ['create', 'get', 'update']),
    allow('authentication.k8s.io', ['tokenreviews'], ['create']),
    allow('authorization.k8s.io', ['subjectaccessreviews'], ['create']),
  ]),
  clusterRole(controller('generic-garbage-collector'), [
    allow('*', ['*'], ['delete', 'get', 'list', 'patch', 'update', 'watch']),
    ...recordEvents,
  ]),
  clusterRole(controller('namespace-controller'), [
    // Kubernetes updates the subresource finalize; here the namespace itself is patched.
    allow('', ['namespaces'], ['delete', 'get', 'list', 'watch', 'patch']),
    allow('', ['namespaces/finalize', 'namespaces/status'], ['update', 'patch']),
    allow('*', ['*'], ['delete', 'deletecollection', 'get', 'list']),
  ]),
  clusterRole(controller('service-account-controller'), [
    allow('', ['serviceaccounts'], ['create']),
    ...recordEvents,
  ]),
  clusterRole(controller('root-ca-cert-publisher'), [
    allow('', ['configmaps'], ['create', 'update']),
    ...recordEvents,
  ]),
  clusterRole(controller('clusterrole-aggregation-controller'), [
    allow(
      'rbac.authorization.k8s.io',
      ['clusterroles'],
      ['escalate', 'get', 'list', 'patch', 'update', 'watch'],
    ),
  ]),
  clusterRole(controller('resourcequota-controller'), [
    allow('*', ['*'], ['list', 'watch']),
    allow('', ['resourcequotas/status'], ['update', 'patch']),
    ...recordEvents,
  ]),
  clusterRole(controller('deployment-controller'), [
    allow('apps', ['deployments'], [...readVerbs, 'update']),
    allow('apps', ['deployments/status', 'deployments/finalizers'], ['update']),
    // Kubernetes scales old ReplicaSets down and keeps some; here they are deleted.
    allow('apps', ['replicasets'], [...readVerbs, 'create', 'update', 'patch', 'delete']),
    allow('', ['pods'], ['get', 'list', 'update', 'watch']),
    ...recordEvents,
  ]),
  clusterRole(controller('replicaset-controller'), [
    allow('apps', ['replicasets'], [...readVerbs, 'update']),
    allow('apps', ['replicasets/status', 'replicasets/finalizers'], ['update']),
    allow('', ['pods'], [...readVerbs, 'create', 'delete', 'patch']),
    ...recordEvents,
  ]),
  clusterRole(controller('daemon-set-controller'), [
    allow('apps', ['daemonsets'], readVerbs),
    allow('apps', ['daemonsets/status', 'daemonsets/finalizers'], ['update']),
    allow('apps', ['controllerrevisions'], [...readVerbs, 'create', 'delete', 'update', 'patch']),
    allow('', ['nodes'], ['list', 'watch']),
    allow('', ['pods'], [...readVerbs, 'create', 'delete', 'patch']),
    ...recordEvents,
  ]),
  clusterRole(controller('disruption-controller'), [
    allow('apps', ['deployments', 'replicasets', 'statefulsets'], readVerbs),
    allow('policy', ['poddisruptionbudgets'], readVerbs),
    allow('policy', ['poddisruptionbudgets/status'], ['update', 'patch']),
    allow('', ['pods'], readVerbs),
    allow('', ['pods/status'], ['patch', 'update']),
    ...recordEvents,
  ]),
  // In Kubernetes, pods are deleted by three controllers, each with an account of its own.
  clusterRole(controller('node-controller'), [
    allow('', ['nodes'], [...readVerbs, 'update', 'delete', 'patch']),
    allow('', ['nodes/status'], ['patch', 'update']),
    allow('', ['pods/status'], ['patch', 'update']),
    allow('', ['pods'], ['get', 'list', 'delete']),
    ...recordEvents,
  ]),
  clusterRole(controller('endpoint-controller'), [
    allow('', ['services', 'pods'], readVerbs),
    allow('', ['endpoints'], ['get', 'list', 'create', 'update', 'delete']),
    allow('', ['endpoints/restricted'], ['create']),
    ...recordEvents,
  ]),
  clusterRole(controller('endpointslice-controller'), [
    allow('', ['services', 'pods', 'nodes'], readVerbs),
    allow('', ['services/finalizers'], ['update']),
    allow('discovery.k8s.io', ['endpointslices'], ['get', 'list', 'create', 'update', 'delete']),
    ...recordEvents,
  ]),
  clusterRole(controller('service-controller'), [
    allow('', ['services'], readVerbs),
    allow('', ['services/status'], ['patch', 'update']),
    allow('', ['nodes'], ['list', 'watch']),
    ...recordEvents,
  ]),
  clusterRole('system:node-proxier', [
    allow('', ['services', 'endpoints'], ['list', 'watch']),
    allow('', ['nodes'], readVerbs),
    allow('discovery.k8s.io', ['endpointslices'], ['list', 'watch']),
    ...recordEvents,
  ]),
  // kubernetes-sigs/kube-network-policies, install.yaml; pods and namespaces are read by others here.
  clusterRole('kube-network-policies', [
    allow('networking.k8s.io', ['networkpolicies'], ['list', 'watch']),
  ]),
  clusterRole('system:kube-scheduler', [
    ...recordEvents,
    allow('', ['nodes', 'namespaces', 'replicationcontrollers', 'services'], readVerbs),
    // Kubernetes binds by the subresource binding; here the pod itself is patched.
    allow('', ['pods'], [...readVerbs, 'delete', 'patch']),
    allow('', ['bindings', 'pods/binding'], ['create']),
    allow('', ['pods/status'], ['patch', 'update']),
    allow('', ['persistentvolumeclaims', 'persistentvolumes'], [...readVerbs, 'update']),
    allow('apps', ['replicasets', 'statefulsets'], readVerbs),
    allow('policy', ['poddisruptionbudgets'], readVerbs),
    allow('storage.k8s.io', ['storageclasses', 'csinodes', 'csidrivers'], readVerbs),
    allow('coordination.k8s.io', ['leases'], ['create', 'get', 'update']),
  ]),
  clusterRole('system:node', [
    ...recordEvents,
    allow('', ['nodes'], ['create', ...readVerbs, 'update', 'patch']),
    allow('', ['nodes/status'], ['patch', 'update']),
    allow('', ['pods'], [...readVerbs, 'create', 'delete']),
    allow('', ['pods/status'], ['patch', 'update']),
    allow('', ['pods/eviction', 'serviceaccounts/token'], ['create']),
    allow('', ['configmaps', 'secrets', 'services', 'serviceaccounts'], readVerbs),
    allow('', ['persistentvolumeclaims', 'persistentvolumes'], readVerbs),
    allow('coordination.k8s.io', ['leases'], ['create', 'delete', 'get', 'patch', 'update']),
  ]),
];

const ofController = (name: string) => bindRole(controller(name), [anAccount('kube-system', name)]);

export const componentRoleBindings = [
  bindRole('system:kube-controller-manager', [aUser('system:kube-controller-manager')]),
  bindRole('system:kube-scheduler', [aUser('system:kube-scheduler')]),
  bindRole('system:node', [aGroup('system:nodes')]),
  ofController('generic-garbage-collector'),
  ofController('namespace-controller'),
  ofController('service-account-controller'),
  ofController('root-ca-cert-publisher'),
  ofController('clusterrole-aggregation-controller'),
  ofController('resourcequota-controller'),
  ofController('deployment-controller'),
  ofController('replicaset-controller'),
  ofController('daemon-set-controller'),
  ofController('disruption-controller'),
  ofController('node-controller'),
  ofController('endpoint-controller'),
  ofController('endpointslice-controller'),
  ofController('service-controller'),
  bindRole('system:node-proxier', [anAccount('kube-system', 'kube-proxy')]),
  bindRole('kube-network-policies', [anAccount('kube-system', 'kube-network-policies')]),
];
