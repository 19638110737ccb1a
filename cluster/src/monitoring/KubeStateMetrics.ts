import type { Informer } from '../client/Informer.ts';
import type { Node, Pod } from '../client/resources.ts';
import { parseQuantity } from '../quantity.ts';
import { inTurns } from './inTurns.ts';
import { Exposition, sample, type Sample } from './metrics.ts';

interface Dependencies {
  nodes: Informer<Node>;
  pods: Informer<Pod>;
}

/** Of the labels of nodes, that which an alert looks at. */
const schedulable = 'kubevirt.io/schedulable';

/**
 * The few metrics of kube-state-metrics (v2) that KubeVirt's rules look at: of nodes, and of the pods of KubeVirt and
 * of VMs.
 */
export class KubeStateMetrics {
  readonly #is: Dependencies;
  readonly #known = new WeakMap<Pod, readonly Sample[]>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async expose(): Promise<string> {
    const exposition = new Exposition();
    for (const node of this.#is.nodes.list()) exposition.add(nodeSamples(node));
    await inTurns(this.#is.pods.list(), (pod) => {
      if (!pod.metadata.name.startsWith('virt-')) return;
      const samples = this.#known.get(pod) ?? podSamples(pod);
      this.#known.set(pod, samples);
      exposition.add(samples);
    });
    return exposition.toString();
  }
}

function nodeSamples({ metadata, status }: Node): Sample[] {
  const { name: node, labels } = metadata;
  const allocatable = Object.entries(status?.allocatable ?? {}).flatMap(([resource, quantity]) =>
    sample(
      'kube_node_status_allocatable',
      { node, resource: resource.replaceAll(/[^a-z0-9]/g, '_'), unit: unitOf(resource) },
      parseQuantity(quantity),
    ),
  );
  const label = labels?.[schedulable];
  return [
    ...allocatable,
    ...sample('kube_node_labels', { node, label_kubevirt_io_schedulable: label }, 1),
  ];
}

function unitOf(resource: string): string {
  if (resource === 'cpu') return 'core';
  const isSize = resource === 'memory' || /^(hugepages-|ephemeral-storage)/.test(resource);
  return isSize ? 'byte' : 'integer';
}

function podSamples({ metadata, spec, status }: Pod): Sample[] {
  const { namespace, name: pod, uid } = metadata;
  const of = { namespace, pod, uid };
  const node = sample('kube_pod_info', { ...of, node: spec.nodeName, pod_ip: status?.podIP }, 1);
  // There may be ten thousand, of which the rules ask for nothing else.
  if (pod.startsWith('virt-launcher-') && status?.phase !== 'Failed') return node;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return [
    ...node,
    ...sample('kube_pod_status_phase', { ...of, phase: status?.phase ?? 'Pending' }, 1),
    ...sample('kube_pod_status_ready', { ...of, condition: 'true' }, ready === 'True' ? 1 : 0),
  ];
}
