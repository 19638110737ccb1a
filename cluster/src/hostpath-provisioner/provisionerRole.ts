import { allow, anAccount, bindRole, clusterRole, readVerbs } from '../client/clusterRole.ts';

export const provisionerAccount = {
  namespace: 'hostpath-provisioner',
  name: 'hostpath-provisioner-admin',
};

/** The rights of the hostpath provisioner (kubevirt/hostpath-provisioner-operator, rbac.go). */
export const provisionerRole = clusterRole('hostpath-provisioner', [
  allow('', ['events'], ['create', 'update', 'patch']),
  allow('', ['nodes'], readVerbs),
  allow('', ['persistentvolumes'], [...readVerbs, 'create', 'delete', 'patch']),
  // Binding is the work of Kubernetes' volume binder there, of the provisioner itself here.
  allow('', ['persistentvolumes/status', 'persistentvolumeclaims/status'], ['patch', 'update']),
  allow('', ['persistentvolumeclaims'], [...readVerbs, 'update', 'patch']),
  allow('storage.k8s.io', ['storageclasses'], readVerbs),
  allow('storage.k8s.io', ['csistoragecapacities'], [...readVerbs, 'create', 'update', 'delete']),
  // The first consumers of claims, and the guests that have their disks open.
  allow('', ['pods'], readVerbs),
  allow('kubevirt.io', ['virtualmachineinstances'], readVerbs),
  allow('snapshot.storage.k8s.io', ['*'], ['*']),
]);

const { namespace, name } = provisionerAccount;

export const provisionerBinding = bindRole('hostpath-provisioner', [anAccount(namespace, name)]);
