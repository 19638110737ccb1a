/** What `/version` answers: the Kubernetes release whose API this cluster follows. */
export const kubernetesVersion = 'v1.33.0';

/** The KubeVirt release whose behaviour this cluster follows. */
export const kubeVirtVersion = 'v1.7.0';

/** What virt-api's `/version` answers. */
export const clusterVersion = {
  gitVersion: kubeVirtVersion,
  gitCommit: '',
  gitTreeState: 'clean',
  platform: 'linux/amd64',
};
