import { type AnyInformer, keyText } from '../client/Informer.ts';
import type { KubeObject, OwnerReference } from '../client/KubeClient.ts';
import type { Reconciler } from '../client/Reconciler.ts';
import type { Pod } from '../client/resources.ts';
import { ComponentPods } from '../kube-controller-manager/ComponentPods.ts';
import { componentProgress } from '../kube-controller-manager/componentProgress.ts';
import { WorkloadController } from '../kube-controller-manager/WorkloadController.ts';
import { componentNamespaces, componentOf } from '../kubevirt/virt-operator/components.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';
import type { Informers } from './informers.ts';

type Workloads = Pick<
  Informers,
  'deployments' | 'replicaSets' | 'daemonSets' | 'statefulSets' | 'jobs' | 'cronJobs'
> &
  Pick<Informers, 'pods' | 'nodes'>;

/** Pods come and change together, and are counted once then. */
const reportDelayMs = 50;

const isComponent = (workload: KubeObject) => componentOf(workload) !== undefined;

/** Wakes what gives the parts of this program their pods, and what reports on these and other workloads. */
export function connectWorkloads(wiring: Wiring): void {
  const { options, informers: sets } = wiring;
  const manager = options.clientFor(identities.controllerManager);
  const { pods, nodes } = sets.pick(manager, ['pods', 'nodes']);
  const informers: Workloads = {
    ...sets.pick(options.clientFor(identities.virtOperator), [
      ...(['deployments', 'replicaSets', 'daemonSets', 'statefulSets'] as const),
      ...(['jobs', 'cronJobs'] as const),
    ]),
    pods,
    nodes,
  };
  const reports = connectReports(wiring, informers);
  const makers = connectPods(wiring, informers);
  const { replicaSets, daemonSets } = informers;
  const wakeOwner = ({ apiVersion, kind, name }: OwnerReference, namespace = '') => {
    if (apiVersion !== 'apps/v1') return;
    const key = keyText({ namespace, name });
    reports.get(kind)?.addAfter(key, reportDelayMs);
    makers.get(kind)?.add(key);
    // A Deployment counts the pods of its ReplicaSets.
    const owner = kind === 'ReplicaSet' ? replicaSets.get({ namespace, name }) : undefined;
    const [deployment] = owner?.metadata.ownerReferences ?? [];
    if (deployment) wakeOwner(deployment, namespace);
  };
  pods.onChange(({ key, before, after }) => {
    if (!componentNamespaces.has(key.namespace ?? '')) return;
    if (before && after && shownOf(before) === shownOf(after)) return;
    for (const owner of (after ?? before)?.metadata.ownerReferences ?? [])
      wakeOwner(owner, key.namespace);
  });
  replicaSets.onChange(({ key, before, after }) => {
    if (before && after) return;
    for (const owner of (after ?? before)?.metadata.ownerReferences ?? [])
      wakeOwner(owner, key.namespace);
  });
  nodes.onChange(({ before, after }) => {
    // A heartbeat alone changes nothing.
    if (readinessOf(before) === readinessOf(after)) return;
    for (const { kind, metadata } of [...daemonSets.list(), ...replicaSets.list()]) {
      const { name, namespace } = metadata;
      wakeOwner({ apiVersion: 'apps/v1', kind, name, uid: '' }, namespace);
    }
  });
}

/** Queues of status reports, by kind. */
function connectReports(
  { options, queue, recorder }: Wiring,
  informers: Workloads,
): Map<string, Reconciler> {
  const client = options.clientFor(identities.virtOperator);
  const controller = new WorkloadController({
    ...options,
    client,
    recorder: recorder(client, 'workload-controller'),
    progressOf: (workload) => componentProgress(workload, { ...informers, isComponent }),
  });
  const { deployments, daemonSets, replicaSets, statefulSets, jobs, cronJobs } = informers;
  const kinds: AnyInformer[] = [
    ...[deployments, daemonSets, replicaSets],
    ...[statefulSets, jobs, cronJobs],
  ];
  return new Map(
    kinds.map((informer) => {
      const reports = queue(`workload ${informer.resource.plural}`, (key) =>
        controller.reconcile(informer, key),
      );
      informer.onChange(({ key }) => reports.add(keyText(key)));
      return [informer.resource.kind, reports];
    }),
  );
}

/** Queues of what makes pods, by kind. */
function connectPods(
  { options, queue, recorder }: Wiring,
  informers: Workloads,
): Map<string, Reconciler> {
  const writer = (
    name: 'deploymentController' | 'replicaSetController' | 'daemonSetController',
  ) => {
    const client = options.clientFor(identities[name]);
    return { client, recorder: recorder(client, componentNames[name]) };
  };
  const makers = new ComponentPods({
    ...informers,
    isComponent,
    deploymentController: writer('deploymentController'),
    replicaSetController: writer('replicaSetController'),
    daemonSetController: writer('daemonSetController'),
  });
  const { deployments, replicaSets, daemonSets } = informers;
  // One at a time: what was made a moment ago is seen then.
  const queues = {
    Deployment: queue('deployment', (key) => makers.reconcileDeployment(key), 1),
    ReplicaSet: queue('replicaset', (key) => makers.reconcileReplicaSet(key), 1),
    DaemonSet: queue('daemonset', (key) => makers.reconcileDaemonSet(key), 1),
  };
  deployments.onChange(({ key }) => queues.Deployment.add(keyText(key)));
  replicaSets.onChange(({ key }) => queues.ReplicaSet.add(keyText(key)));
  daemonSets.onChange(({ key }) => queues.DaemonSet.add(keyText(key)));
  return new Map(Object.entries(queues));
}

const componentNames = {
  deploymentController: 'deployment-controller',
  replicaSetController: 'replicaset-controller',
  daemonSetController: 'daemonset-controller',
} as const;

type Conditions = { status?: { conditions?: { type: string; status: string }[] } } | undefined;

const readinessOf = (object: Conditions) =>
  object?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;

/** What of a pod its owners count. */
const shownOf = (pod: Pod) =>
  [readinessOf(pod), pod.status?.phase, pod.metadata.deletionTimestamp, pod.spec.nodeName].join();
