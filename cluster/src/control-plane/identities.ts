import { serviceAccountGroups } from '../apiserver/auth/ServiceAccountTokens.ts';
import type { UserInfo } from '../apiserver/auth/UserInfo.ts';

const account = (namespace: string, name: string): UserInfo => ({
  username: `system:serviceaccount:${namespace}:${name}`,
  groups: serviceAccountGroups(namespace),
});

/** As whom each part of the control plane uses the API, by the names that they have on a cluster. */
export const identities = {
  /** Stands for all operators, and reports on workloads. */
  virtOperator: account('kubevirt', 'kubevirt-operator'),
  virtController: account('kubevirt', 'kubevirt-controller'),
  virtHandler: account('kubevirt', 'kubevirt-handler'),
  virtTemplate: account('kubevirt', 'virt-template-controller'),
  cdi: account('cdi', 'cdi-sa'),
  hostpathProvisioner: account('hostpath-provisioner', 'hostpath-provisioner-admin'),
  /** Reads for all controllers of the manager; each writes as itself. */
  controllerManager: { username: 'system:kube-controller-manager', groups: [] },
  garbageCollector: account('kube-system', 'generic-garbage-collector'),
  namespaceController: account('kube-system', 'namespace-controller'),
  serviceAccountController: account('kube-system', 'service-account-controller'),
  rootCaPublisher: account('kube-system', 'root-ca-cert-publisher'),
  clusterRoleAggregation: account('kube-system', 'clusterrole-aggregation-controller'),
  resourceQuotaController: account('kube-system', 'resourcequota-controller'),
  deploymentController: account('kube-system', 'deployment-controller'),
  replicaSetController: account('kube-system', 'replicaset-controller'),
  daemonSetController: account('kube-system', 'daemon-set-controller'),
  disruptionController: account('kube-system', 'disruption-controller'),
  endpointController: account('kube-system', 'endpoint-controller'),
  endpointSliceController: account('kube-system', 'endpointslice-controller'),
  serviceController: account('kube-system', 'service-controller'),
  kubeProxy: account('kube-system', 'kube-proxy'),
  networkPolicies: account('kube-system', 'kube-network-policies'),
  multus: account('kube-system', 'multus'),
  nodeController: account('kube-system', 'node-controller'),
  scheduler: { username: 'system:kube-scheduler', groups: [] },
  kubelet: (node: string): UserInfo => ({
    username: `system:node:${node}`,
    groups: ['system:nodes'],
  }),
} as const;
