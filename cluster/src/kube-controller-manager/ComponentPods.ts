import { createHash } from 'node:crypto';

import { controllerReference } from '../client/controllerReference.ts';
import { ensure } from '../client/ensure.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, KubeObject, ObjectKey } from '../client/KubeClient.ts';
import {
  type DaemonSet,
  type Deployment,
  type Node,
  type Pod,
  type PodTemplate,
  pods,
  type ReplicaSet,
  replicaSets,
} from '../client/resources.ts';

interface Writer {
  client: KubeClient;
  recorder: EventRecorder;
}

interface Dependencies {
  deployments: Informer<Deployment>;
  replicaSets: Informer<ReplicaSet>;
  daemonSets: Informer<DaemonSet>;
  nodes: Informer<Node>;
  /** Each controller of Kubernetes writes as itself. */
  deploymentController: Writer;
  replicaSetController: Writer;
  daemonSetController: Writer;
  /** Is the Deployment or DaemonSet a part of this program? Nothing runs the pods of others. */
  isComponent: (workload: KubeObject) => boolean;
}

const hashLabel = 'pod-template-hash';
const revisionLabel = 'controller-revision-hash';

/**
 * Gives the workloads of this program's own parts the pods that they have elsewhere: a Deployment by way of
 * a ReplicaSet, a DaemonSet one on each node. A new template replaces the pods at once.
 */
export class ComponentPods {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcileDeployment(key: ObjectKey): Promise<void> {
    const deployment = this.#is.deployments.get(key);
    if (!deployment || !this.#isCared(deployment)) return;
    const { client, recorder } = this.#is.deploymentController;
    const { name, namespace, uid } = deployment.metadata;
    const { template, selector } = deployment.spec;
    const hash = hashOf(template);
    const own = this.#is.replicaSets.ownedBy(uid);
    const current = own.find(({ metadata }) => metadata.labels?.[hashLabel] === hash);
    for (const old of own) {
      if (old !== current) await ignoreGone(client.delete(replicaSets, old.metadata));
    }
    if (current) return;
    const labels = { ...template.metadata?.labels, [hashLabel]: hash };
    await ensure(client, replicaSets, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${hash}`,
        ...(namespace !== undefined && { namespace }),
        labels,
        annotations: { 'deployment.kubernetes.io/desired-replicas': '1' },
        ownerReferences: [ownedBy(deployment)],
      },
      spec: {
        replicas: 1,
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    });
    recorder.normal(
      deployment,
      'ScalingReplicaSet',
      `Scaled up replica set ${name}-${hash} from 0 to 1`,
    );
  }

  async reconcileReplicaSet(key: ObjectKey): Promise<void> {
    const replicaSet = this.#is.replicaSets.get(key);
    if (!replicaSet || replicaSet.metadata.deletionTimestamp) return;
    const owner = this.#is.deployments.get({
      namespace: key.namespace,
      name: replicaSet.metadata.ownerReferences?.[0]?.name ?? '',
    });
    if (owner?.metadata.uid !== replicaSet.metadata.ownerReferences?.[0]?.uid) return;
    if (!owner || !this.#isCared(owner)) return;
    const writer = this.#is.replicaSetController;
    const living = (await podsOf(writer.client, replicaSet)).filter(isLiving);
    if (living.length === 0) await this.#create(writer, replicaSet, replicaSet.spec.template ?? {});
    for (const surplus of living.slice(1)) await this.#delete(writer, replicaSet, surplus);
  }

  async reconcileDaemonSet(key: ObjectKey): Promise<void> {
    const daemonSet = this.#is.daemonSets.get(key);
    if (!daemonSet || !this.#isCared(daemonSet)) return;
    const writer = this.#is.daemonSetController;
    const { template } = daemonSet.spec;
    const hash = hashOf(template);
    const labels = { ...template.metadata?.labels, [revisionLabel]: hash };
    const known = await podsOf(writer.client, daemonSet);
    for (const old of known.filter(isLiving)) {
      if (old.metadata.labels?.[revisionLabel] !== hash) await this.#delete(writer, daemonSet, old);
    }
    for (const { metadata } of this.#is.nodes.list()) {
      // The next one waits until the one before has ended.
      if (known.some((pod) => nodeOf(pod) === metadata.name && !hasEnded(pod))) continue;
      const spec = { containers: [], ...template.spec, affinity: onNode(metadata.name) };
      await this.#create(writer, daemonSet, { metadata: { ...template.metadata, labels }, spec });
    }
  }

  #isCared(workload: Deployment | DaemonSet): boolean {
    return !workload.metadata.deletionTimestamp && this.#is.isComponent(workload);
  }

  async #create(
    { client, recorder }: Writer,
    owner: ReplicaSet | DaemonSet,
    { metadata, spec }: PodTemplate,
  ): Promise<void> {
    const { name, namespace } = owner.metadata;
    const made = await client.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata,
        generateName: `${name}-`,
        ...(namespace !== undefined && { namespace }),
        ownerReferences: [ownedBy(owner)],
      },
      spec: spec ?? { containers: [] },
    });
    recorder.normal(owner, 'SuccessfulCreate', `Created pod: ${made.metadata.name}`);
  }

  async #delete({ client, recorder }: Writer, owner: KubeObject, pod: Pod): Promise<void> {
    await ignoreGone(client.delete(pods, pod.metadata));
    recorder.normal(owner, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }
}

/** Read from the API: what was just made may not be in the local copy, and would be made again. */
async function podsOf(client: KubeClient, owner: ReplicaSet | DaemonSet): Promise<Pod[]> {
  const labels = Object.entries(owner.spec.selector.matchLabels ?? {});
  const { items } = await client.list(pods, {
    namespace: owner.metadata.namespace,
    labelSelector: labels.map(([name, value]) => `${name}=${value}`).join(','),
  });
  return items.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid),
  );
}

const hasEnded = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';
const isLiving = (pod: Pod) => !pod.metadata.deletionTimestamp && !hasEnded(pod);

/** A pod of a DaemonSet belongs to its node before it is bound to it. */
function nodeOf({ spec }: Pod): string | undefined {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0] ?? spec.nodeName;
}

const onNode = (name: string) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [name] }] },
      ],
    },
  },
});

const ownedBy = ({ apiVersion, kind, metadata }: KubeObject) =>
  controllerReference(apiVersion, kind, metadata);

/** Ten characters that tell one template from another. */
function hashOf(template: PodTemplate): string {
  return createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 10);
}
