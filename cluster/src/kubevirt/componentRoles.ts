import { allow, anAccount, bindRole, clusterRole, readVerbs } from '../client/clusterRole.ts';

const write = ['delete', 'update', 'create', 'patch'];
const recordEvents = allow('', ['events'], ['update', 'create', 'patch']);

const workloads = (...plurals: string[]) => plurals.map((plural) => `${plural}/status`);

/**
 * The rights of virt-operator, virt-controller and virt-handler (KubeVirt:
 * pkg/virt-operator/resource/generate/rbac/controller.go and handler.go, d923fdb). What stands apart
 * is needed because the parts work in another way here.
 */
export const kubeVirtComponentRoles = [
  clusterRole('kubevirt-controller', [
    recordEvents,
    allow('', ['namespaces'], [...readVerbs, 'patch']),
    allow('', ['pods', 'configmaps', 'endpoints', 'services'], [...readVerbs, ...write]),
    // An exporter pod is given its token by the kubelet; there is none here.
    allow('', ['secrets'], ['create', 'get']),
    allow('', ['pods/finalizers'], ['update']),
    allow('', ['pods/eviction'], ['create']),
    allow('', ['pods/status'], ['patch']),
    allow('', ['nodes'], [...readVerbs, 'update', 'patch']),
    allow('', ['persistentvolumeclaims'], [...readVerbs, ...write]),
    allow('', ['resourcequotas', 'limitranges'], ['list', 'watch']),
    allow('policy', ['poddisruptionbudgets'], [...readVerbs, 'delete', 'create', 'patch']),
    allow('apps', ['daemonsets'], ['list']),
    allow('apps', ['controllerrevisions'], [...readVerbs, 'create', 'delete', 'update']),
    allow('kubevirt.io', ['*'], ['*']),
    allow('snapshot.kubevirt.io', ['*'], ['*']),
    allow('export.kubevirt.io', ['*'], ['*']),
    allow('clone.kubevirt.io', ['*'], ['*']),
    allow('backup.kubevirt.io', ['*'], ['*']),
    allow(
      'pool.kubevirt.io',
      [
        'virtualmachinepools',
        'virtualmachinepools/finalizers',
        'virtualmachinepools/status',
        'virtualmachinepools/scale',
      ],
      [...readVerbs, ...write],
    ),
    allow(
      'subresources.kubevirt.io',
      [
        ...['addvolume', 'removevolume', 'freeze', 'unfreeze', 'softreboot'].map(
          (action) => `virtualmachineinstances/${action}`,
        ),
        ...['start', 'stop', 'restart'].map((action) => `virtualmachines/${action}`),
      ],
      ['update'],
    ),
    allow(
      'instancetype.kubevirt.io',
      [
        'virtualmachineinstancetypes',
        'virtualmachineclusterinstancetypes',
        'virtualmachinepreferences',
        'virtualmachineclusterpreferences',
      ],
      readVerbs,
    ),
    allow('migrations.kubevirt.io', ['migrationpolicies'], readVerbs),
    allow('cdi.kubevirt.io', ['*'], ['*']),
    allow('k8s.cni.cncf.io', ['network-attachment-definitions'], readVerbs),
    allow('apiextensions.k8s.io', ['customresourcedefinitions'], readVerbs),
    allow('authorization.k8s.io', ['subjectaccessreviews'], ['create']),
    allow('storage.k8s.io', ['storageclasses'], readVerbs),
    allow('snapshot.storage.k8s.io', ['volumesnapshotclasses'], readVerbs),
    allow('snapshot.storage.k8s.io', ['volumesnapshots'], [...readVerbs, ...write]),
    allow('coordination.k8s.io', ['leases'], [...readVerbs, ...write]),
  ]),
  clusterRole('kubevirt-handler', [
    recordEvents,
    allow('kubevirt.io', ['virtualmachineinstances'], ['update', 'list', 'watch', 'get', 'patch']),
    allow('kubevirt.io', ['kubevirts', 'virtualmachineinstancemigrations'], readVerbs),
    allow('migrations.kubevirt.io', ['migrationpolicies'], readVerbs),
    allow('', ['nodes'], [...readVerbs, 'patch']),
    allow('', ['persistentvolumeclaims', 'configmaps', 'secrets'], ['get']),
    // There, the plug-in on the node has put the pod's interface on its bridge already.
    allow('k8s.cni.cncf.io', ['network-attachment-definitions'], readVerbs),
    // There, virt-handler finds launchers by their sockets on its node.
    allow('', ['pods'], readVerbs),
  ]),
  clusterRole('kubevirt-operator', [
    recordEvents,
    allow('kubevirt.io', ['kubevirts'], [...readVerbs, 'patch']),
    allow('kubevirt.io', ['kubevirts/status'], ['update']),
    allow('', ['nodes'], readVerbs),
    allow('apps', ['deployments', 'daemonsets'], [...readVerbs, 'create', 'patch']),
    allow('hostpathprovisioner.kubevirt.io', ['hostpathprovisioners'], [...readVerbs, 'update']),
    // There, CDI and HyperConverged have operators of their own, and Kubernetes reports on workloads.
    allow('cdi.kubevirt.io', ['cdis'], [...readVerbs, 'patch']),
    allow('cdi.kubevirt.io', ['dataimportcrons'], [...readVerbs, 'create', 'delete']),
    allow('hco.kubevirt.io', ['hyperconvergeds'], readVerbs),
    allow('hco.kubevirt.io', ['hyperconvergeds/status'], ['update']),
    allow('apps', ['replicasets', 'statefulsets'], readVerbs),
    allow('apps', workloads('deployments', 'daemonsets', 'replicasets', 'statefulsets'), [
      'update',
    ]),
    allow('batch', ['jobs', 'cronjobs'], readVerbs),
    allow('batch', workloads('jobs', 'cronjobs'), ['update']),
  ]),
  clusterRole('virt-template-controller', [
    allow('template.kubevirt.io', ['virtualmachinetemplates'], readVerbs),
    allow('template.kubevirt.io', ['virtualmachinetemplates/status'], ['get', 'patch', 'update']),
  ]),
];

const namespace = 'kubevirt';

export const kubeVirtAccounts = [
  'kubevirt-operator',
  'kubevirt-controller',
  'kubevirt-handler',
  'virt-template-controller',
].map((name) => ({
  namespace,
  name,
}));

export const kubeVirtComponentBindings = kubeVirtAccounts.map(({ name }) =>
  bindRole(name, [anAccount(namespace, name)]),
);
