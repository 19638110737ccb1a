import { componentRoleBindings, componentRoles } from './apiserver/auth/componentRoles.ts';
import { cdiAccount, cdiComponentBinding, cdiComponentRole } from './cdi/componentRoles.ts';
import { ensure } from './client/ensure.ts';
import { ensureRoles } from './client/ensureRoles.ts';
import type { KubeClient } from './client/KubeClient.ts';
import { namespaces, serviceAccounts } from './client/resources.ts';
import { multusAccount, multusBinding, multusRole } from './multus/multusRoles.ts';
import {
  provisionerAccount,
  provisionerBinding,
  provisionerRole,
} from './hostpath-provisioner/provisionerRole.ts';
import {
  kubeVirtAccounts,
  kubeVirtComponentBindings,
  kubeVirtComponentRoles,
} from './kubevirt/componentRoles.ts';

const accountsOfKubernetes = [
  'generic-garbage-collector',
  'namespace-controller',
  'service-account-controller',
  'root-ca-cert-publisher',
  'clusterrole-aggregation-controller',
  'resourcequota-controller',
  'deployment-controller',
  'replicaset-controller',
  'daemon-set-controller',
  'disruption-controller',
  'node-controller',
  'endpoint-controller',
  'endpointslice-controller',
  'service-controller',
  'kube-proxy',
  'kube-network-policies',
].map((name) => ({ namespace: 'kube-system', name }));

/** Makes the service accounts of the control plane's parts, and gives each its rights. */
export async function installComponents(client: KubeClient): Promise<void> {
  const accounts = [
    ...accountsOfKubernetes,
    ...kubeVirtAccounts,
    ...[cdiAccount, provisionerAccount, multusAccount],
  ];
  for (const name of new Set(accounts.map(({ namespace }) => namespace))) {
    await ensure(client, namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  await Promise.all(
    accounts.map((metadata) =>
      ensure(client, serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata }),
    ),
  );
  await ensureRoles(
    client,
    [
      ...componentRoles,
      ...kubeVirtComponentRoles,
      ...[cdiComponentRole, provisionerRole, multusRole],
    ],
    [
      ...componentRoleBindings,
      ...kubeVirtComponentBindings,
      cdiComponentBinding,
      provisionerBinding,
      multusBinding,
    ],
  );
}
