import { hasReason } from '../../apiserver/ApiError.ts';
import type { KubeClient, KubeObject } from '../../client/KubeClient.ts';
import { daemonSets, deployments, type Node } from '../../client/resources.ts';
import type { Progress } from '../../kube-controller-manager/workloadStatus.ts';

/** A part of this program, as the workload that it is on other clusters. */
interface Component {
  namespace: string;
  name: string;
  /** A DaemonSet has one instance on each node. */
  kind: 'Deployment' | 'DaemonSet';
  labels: Record<string, string>;
}

const ofKubeVirt = (name: string, kind: Component['kind'] = 'Deployment'): Component => ({
  namespace: 'kubevirt',
  name,
  kind,
  labels: { 'kubevirt.io': name, 'app.kubernetes.io/component': 'kubevirt' },
});
const ofCdi = (name: string): Component => ({
  namespace: 'cdi',
  name,
  kind: 'Deployment',
  labels: { 'cdi.kubevirt.io': name, 'app.kubernetes.io/component': 'storage' },
});

/**
 * Only what is really here: there is no synchronisation controller. Names and labels: pkg/virt-operator/resource/generate/components (d923fdb), CDI's operator.
 */
const components: readonly Component[] = [
  ofKubeVirt('virt-operator'),
  ofKubeVirt('virt-api'),
  ofKubeVirt('virt-controller'),
  ofKubeVirt('virt-handler', 'DaemonSet'),
  ofKubeVirt('virt-template-apiserver'),
  ofKubeVirt('virt-template-controller'),
  ofKubeVirt('virt-exportproxy'),
  ofCdi('cdi-operator'),
  ofCdi('cdi-apiserver'),
  ofCdi('cdi-deployment'),
  ofCdi('cdi-uploadproxy'),
  {
    namespace: 'hostpath-provisioner',
    name: 'hostpath-provisioner',
    kind: 'DaemonSet',
    labels: { 'k8s-app': 'hostpath-provisioner' },
  },
  {
    namespace: 'kubevirt-hyperconverged',
    name: 'hyperconverged-cluster-operator',
    kind: 'Deployment',
    labels: { name: 'hyperconverged-cluster-operator' },
  },
];

/** The namespaces of the components. */
export const componentNamespaces = [...new Set(components.map(({ namespace }) => namespace))];

/** Makes the workloads that are missing. */
export async function installComponentWorkloads(client: KubeClient): Promise<void> {
  for (const { namespace, name, kind, labels } of components) {
    const common = { apiVersion: 'apps/v1', kind, metadata: { namespace, name, labels } };
    const selector = { matchLabels: labels };
    const template = {
      metadata: { labels },
      spec: { containers: [{ name, image: `${name}:part-of-virtdeck` }] },
    };
    try {
      if (kind === 'Deployment') {
        await client.create(deployments, { ...common, spec: { replicas: 1, selector, template } });
      } else await client.create(daemonSets, { ...common, spec: { selector, template } });
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
  }
}

/**
 * How far a component is: a DaemonSet is ready on each node that is Ready, since a node's parts report
 * through it; the rest when the control plane has read what there is and works. Undefined for workloads
 * that are no part of this program.
 */
export function componentProgress(
  { kind, metadata: { namespace, name } }: KubeObject,
  working: boolean,
  nodes: readonly Node[],
): Progress | undefined {
  const found = components.some(
    (one) => one.kind === kind && one.namespace === namespace && one.name === name,
  );
  if (!found) return undefined;
  if (kind === 'Deployment') return { desired: 1, ready: working ? 1 : 0 };
  const ready = nodes.filter(({ status }) =>
    status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'),
  );
  return { desired: nodes.length, ready: working ? ready.length : 0 };
}
