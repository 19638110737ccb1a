import { allow, anAccount, bindRole, clusterRole, readVerbs } from '../client/clusterRole.ts';

export const cdiAccount = { namespace: 'cdi', name: 'cdi-sa' };

/** The rights of CDI's controllers (pkg/operator/resources/cluster/controller.go, c07cdb6). */
export const cdiComponentRole = clusterRole('cdi', [
  allow('', ['events'], [...readVerbs, 'create', 'patch']),
  allow(
    '',
    ['persistentvolumeclaims'],
    [...readVerbs, 'create', 'update', 'delete', 'deletecollection', 'patch'],
  ),
  allow('', ['persistentvolumes'], [...readVerbs, 'update', 'patch']),
  allow('', ['persistentvolumeclaims/finalizers', 'pods/finalizers'], ['update']),
  allow('', ['pods', 'services'], [...readVerbs, 'create', 'delete']),
  allow('', ['configmaps'], ['get', 'create']),
  // An importer pod is given its secrets by the kubelet; there is none here.
  allow('', ['secrets'], ['get']),
  allow('kubevirt.io', ['virtualmachineinstances'], readVerbs),
  allow('', ['namespaces'], readVerbs),
  allow('storage.k8s.io', ['storageclasses', 'csidrivers'], readVerbs),
  allow('snapshot.storage.k8s.io', ['*'], ['*']),
  allow('cdi.kubevirt.io', ['*'], ['*']),
  allow('authorization.k8s.io', ['subjectaccessreviews'], ['create']),
]);

export const cdiComponentBinding = bindRole('cdi-sa', [anAccount('cdi', 'cdi-sa')], {
  role: 'cdi',
});
