import { allow, anAccount, bindRole, clusterRole, readVerbs } from '../client/clusterRole.ts';
import { networkAttachments } from './resources.ts';

export const multusAccount = { namespace: 'kube-system', name: 'multus' };

const networks = [networkAttachments.plural];

/** The rights of Multus (k8snetworkplumbingwg/multus-cni, deployments/multus-daemonset-thick.yml). */
export const multusRole = clusterRole('multus', [
  allow(networkAttachments.group, networks, readVerbs),
  allow('', ['pods'], [...readVerbs, 'update', 'patch']),
  allow('', ['events'], ['create', 'update', 'patch']),
]);

export const multusBinding = bindRole('multus', [
  anAccount(multusAccount.namespace, multusAccount.name),
]);

const readNetworks = [allow(networkAttachments.group, networks, readVerbs)];

/** Users see the networks of their projects; making them is for administrators of the cluster (OpenShift: net-attach-def-project). */
export const networkUserRoles = (['view', 'edit', 'admin'] as const).map((role) =>
  clusterRole(`net-attach-def:${role}`, readNetworks, role),
);
