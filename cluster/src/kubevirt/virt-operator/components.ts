import type { KubeObject, ObjectKey } from '../../client/KubeClient.ts';
import { matchesSelector } from '../../client/labelSelector.ts';
import type { PodTemplate, Toleration } from '../../client/resources.ts';

/** A part of this program, as the workload that it is on other clusters. */
export interface Component {
  namespace: string;
  name: string;
  /** A DaemonSet has one instance on each node. */
  kind: 'Deployment' | 'DaemonSet';
  labels: Record<string, string>;
  /** `default` when absent. */
  serviceAccount?: string;
  priorityClass: string;
}

type More = Partial<Pick<Component, 'kind' | 'serviceAccount' | 'labels'>>;

const ofKubeVirt = (name: string, more: More = {}): Component => ({
  namespace: 'kubevirt',
  name,
  kind: 'Deployment',
  labels: { 'kubevirt.io': name, 'app.kubernetes.io/component': 'kubevirt' },
  priorityClass: 'kubevirt-cluster-critical',
  ...more,
});
const ofCdi = (name: string, more: More = {}): Component => ({
  namespace: 'cdi',
  name,
  kind: 'Deployment',
  labels: { 'cdi.kubevirt.io': name, 'app.kubernetes.io/component': 'storage' },
  priorityClass: 'kubevirt-cluster-critical',
  ...more,
});
const ofHostpath = (name: string, more: More = {}): Component => ({
  namespace: 'hostpath-provisioner',
  name,
  kind: 'Deployment',
  labels: { 'k8s-app': name },
  priorityClass: 'system-cluster-critical',
  ...more,
});
const ofNodes = (name: string, more: More): Component => ({
  namespace: 'kube-system',
  name,
  kind: 'DaemonSet',
  labels: { 'k8s-app': name },
  priorityClass: 'system-node-critical',
  ...more,
});

/**
 * Only what is really here: there is no synchronisation controller. Names and labels:
 * pkg/virt-operator/resource/generate/components (d923fdb), the operators of CDI, HyperConverged and the
 * hostpath provisioner, Multus and kubeadm.
 */
export const components: readonly Component[] = [
  ofKubeVirt('virt-operator', { serviceAccount: 'kubevirt-operator' }),
  ofKubeVirt('virt-api'),
  ofKubeVirt('virt-controller', { serviceAccount: 'kubevirt-controller' }),
  ofKubeVirt('virt-handler', { kind: 'DaemonSet', serviceAccount: 'kubevirt-handler' }),
  ofKubeVirt('virt-exportproxy'),
  ofKubeVirt('virt-template-apiserver'),
  ofKubeVirt('virt-template-controller', { serviceAccount: 'virt-template-controller' }),
  ofCdi('cdi-operator'),
  ofCdi('cdi-apiserver'),
  ofCdi('cdi-deployment', { serviceAccount: 'cdi-sa' }),
  ofCdi('cdi-uploadproxy'),
  ofHostpath('hostpath-provisioner-operator'),
  ofHostpath('hostpath-provisioner', {
    kind: 'DaemonSet',
    serviceAccount: 'hostpath-provisioner-admin',
  }),
  {
    namespace: 'kubevirt-hyperconverged',
    name: 'hco-operator',
    kind: 'Deployment',
    labels: { name: 'hyperconverged-cluster-operator' },
    priorityClass: 'system-cluster-critical',
  },
  ofNodes('kube-proxy', { serviceAccount: 'kube-proxy' }),
  ofNodes('kube-multus-ds', {
    labels: { app: 'multus', name: 'multus' },
    serviceAccount: 'multus',
  }),
];

/** The namespaces of the components. */
export const componentNamespaces: ReadonlySet<string> = new Set(
  components.map(({ namespace }) => namespace),
);

/** The component that a workload stands for; undefined for workloads that are no part of this program. */
export function componentOf({
  kind,
  metadata,
}: {
  kind: string;
  metadata: ObjectKey;
}): Component | undefined {
  return components.find(
    (one) =>
      one.kind === kind && one.namespace === metadata.namespace && one.name === metadata.name,
  );
}

/** The component of which this is a pod. Who may make pods in its namespace could make one more. */
export function componentOfPod({ metadata }: KubeObject): Component | undefined {
  if (!componentNamespaces.has(metadata.namespace ?? '')) return undefined;
  return components.find(
    ({ namespace, labels }) =>
      namespace === metadata.namespace && matchesSelector({ matchLabels: labels }, metadata.labels),
  );
}

/** What DaemonSets add to their pods, so that a node's troubles do not drive them away. */
const onEachNode: Toleration[] = [
  ...['not-ready', 'unreachable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists' as const,
    effect: 'NoExecute' as const,
  })),
  ...['unschedulable', 'not-ready', 'unreachable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists' as const,
    effect: 'NoSchedule' as const,
  })),
  { key: 'kubevirt.io/drain', operator: 'Exists' as const },
];

/** From what the pods of a component are made. They use the network of the node: they are this program. */
export function componentTemplate(component: Component): PodTemplate {
  const { name, kind, labels, serviceAccount, priorityClass } = component;
  return {
    metadata: { labels },
    spec: {
      containers: [{ name, image: `${name}:part-of-virtdeck` }],
      hostNetwork: true,
      priorityClassName: priorityClass,
      ...(serviceAccount !== undefined && { serviceAccountName: serviceAccount }),
      ...(kind === 'DaemonSet' && { tolerations: onEachNode }),
    },
  };
}
