import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

import { type Informer, keyText } from '../client/Informer.ts';
import type { ReconcileResult } from '../client/Reconciler.ts';
import type { ObjectKey } from '../client/KubeClient.ts';
import type { Pod } from '../client/resources.ts';
import { annotations } from '../multus/resources.ts';
import { Multus } from '../multus/Multus.ts';
import { ImagePuller } from '../kubelet/images/ImagePuller.ts';
import { Kubelet } from '../kubelet/Kubelet.ts';
import { listeningAddresses } from '../kubelet/listeningAddresses.ts';
import { Prober } from '../kubelet/probes/Prober.ts';
import { podCidr } from '../kubelet/addresses.ts';
import { clusterConfiguration } from '../kubevirt/clusterConfiguration.ts';
import { names, type VirtualMachineInstance } from '../kubevirt/resources.ts';
import { componentOfPod } from '../kubevirt/virt-operator/components.ts';
import { GuestFolders } from '../kubevirt/virt-handler/GuestFolders.ts';
import { Heartbeat } from '../kubevirt/virt-handler/Heartbeat.ts';
import { NodeLabeller } from '../kubevirt/virt-handler/NodeLabeller.ts';
import { VirtHandler } from '../kubevirt/virt-handler/VirtHandler.ts';
import { guestFiles } from '../kubevirt/virt-launcher/qemuArguments.ts';
import type { Guest, GuestRuntime } from '../kubevirt/virt-launcher/GuestRuntime.ts';
import type { Wiring } from './ControllerOptions.ts';
import { guestVolumes } from './guestVolumes.ts';
import { identities } from './identities.ts';
import { vmiUidOf, workload } from './launcherWorkload.ts';
import { kubernetesVersion } from '../versions.ts';

export interface NodeParts {
  node: string;
  /** The virt-handler of now: a new one after each start. */
  readonly handler: VirtHandler;
  /** The guest of a VMI; none is reached on a node that is stopped. */
  guestOf(uid: string): Guest | undefined;
  /** Registers the node and begins its work, or goes on with it. */
  start(): Promise<void>;
  /** Cuts the node off: no heartbeat, nobody who looks after its guests, which run on. */
  stop(): Promise<void>;
  /** Ends its timers, with the program. */
  close(): void;
  /** The file with what a container of a launcher pod on this node has written. */
  logFileOf(pod: Pod, container: string): string;
}

/** A node: its kubelet and its virt-handler, side by side as on a real one. */
export function startNode(wiring: Wiring, index: number): NodeParts {
  const node = `node-${index + 1}`;
  const { informers, networks, health } = wiring;
  const { options, queue, recorder } = wiring.as('virt-handler', node);
  const agent = wiring.as('kubelet', node);
  const { clock, log, runtime } = options;
  const handlerClient = options.clientFor(identities.virtHandler);
  const kubeletClient = agent.options.clientFor(identities.kubelet(node));
  const { vmis, pods, networkAttachments, kubeVirts } = informers.pick(handlerClient, [
    ...(['vmis', 'pods', 'networkAttachments', 'kubeVirts'] as const),
  ]);
  const local = informers.pick(kubeletClient, ['pods', 'claims', 'volumes']);
  const multus = multusOf(wiring.as('kube-multus-ds', node), node);
  const places = { node, client: handlerClient, kubeletClient, pods, local };
  const makeHandler = () =>
    new VirtHandler({
      node,
      folders: new GuestFolders(options.dataDir),
      client: handlerClient,
      runtime,
      vmis,
      pods,
      networkAttachments,
      emulates: () => clusterConfiguration(kubeVirts.list()[0]).useEmulation === true,
      networks,
      volumes: guestVolumes(options, places),
      recorder: recorder(handlerClient, 'virt-handler', node),
      clock,
      log,
    });
  let handler = makeHandler();
  let [stopped, wasStopped] = [true, false];
  const heartbeat = new Heartbeat({ node, client: handlerClient, clock, log });
  const labeller = new NodeLabeller({ node, client: handlerClient, runtime });
  const launchers = workload(() => handler, vmis, { health, processes: options.processes });
  const kubeletEvents = agent.recorder(kubeletClient, 'kubelet', node);
  const kubelet = new Kubelet({
    facts: {
      ...{ name: node, address: '127.0.0.1', podCidr: podCidr(index) },
      ...nodeCapacity(runtime.name, options.nodes),
      acceleration: runtime.acceleration,
      hypervisor: runtime.version,
      kubernetesVersion,
      controlPlane: index === 0,
    },
    client: kubeletClient,
    pods: local.pods,
    claims: local.claims,
    networks: multus,
    recorder: kubeletEvents,
    workload: launchers,
    puller: new ImagePuller({
      client: kubeletClient,
      images: options.containerImages,
      recorder: kubeletEvents,
      clock,
    }),
    prober: new Prober({
      targets: launchers,
      find: (pod) => local.pods.get(pod.metadata),
      changed: (pod) => podQueue.add(keyText(pod.metadata)),
      recorder: kubeletEvents,
      clock,
      log: agent.options.log,
    }),
    listeningAddresses: addressesInUse(runtime.name),
    clock,
    log: agent.options.log,
  });
  const unlessStopped =
    (work: (key: ObjectKey) => Promise<ReconcileResult>) =>
    (key: ObjectKey): Promise<ReconcileResult> =>
      stopped ? Promise.resolve({}) : work(key);
  const vmiQueue = queue(
    `virt-handler ${node}`,
    unlessStopped((key) => handler.reconcile(key)),
    // A simulated guest takes its time to start, but no processor.
    runtime.name === 'simulated' ? 1000 : 16,
  );
  // A VMI may be gone before the handler has seen that its guest ended.
  const goneQueue = queue(
    `virt-handler ${node} gone`,
    unlessStopped(async ({ name }) => {
      await handler.forget(name);
      return {};
    }),
  );
  const podQueue = agent.queue(
    `kubelet ${node}`,
    unlessStopped((key) => kubelet.reconcile(key)),
    32,
  );
  vmis.onChange(({ key, before, after }) => {
    if (!after) {
      if (before && concerns(before, node)) goneQueue.add(before.metadata.uid);
      return;
    }
    if (!concerns(after, node) && !(before && concerns(before, node))) return;
    vmiQueue.add(keyText(key));
    for (const pod of local.pods.byIndex('createdBy', after.metadata.uid)) {
      if (pod.spec.nodeName === node) podQueue.add(keyText(pod.metadata));
    }
  });
  onProcesses({ node, pods: local.pods }, options, (pod) => podQueue.add(pod));
  onNetworks({ node, pods }, (vmi) => vmiQueue.add(vmi));
  local.pods.onChange(({ key, after }) => {
    if (after?.spec.nodeName === node) podQueue.add(keyText(key));
  });
  health.onWorking(() => {
    for (const key of componentPodsOn(node, local.pods)) podQueue.add(key);
  });
  const logFileOf = (pod: Pod, container: string) =>
    vmiUidOf(pod)
      ? guestLog(handler.folderOf(vmiUidOf(pod)), container)
      : options.processes.logFile(pod.metadata.uid, container);
  const wakeAll = (known: readonly string[]) => {
    const here = vmis.list().filter((vmi) => concerns(vmi, node));
    for (const { metadata } of here) vmiQueue.add(keyText(metadata));
    for (const { metadata } of local.pods.byIndex('node', node)) podQueue.add(keyText(metadata));
    // What went meanwhile, or with a store that was replaced by an older one.
    const uids = new Set(here.map(({ metadata }) => metadata.uid));
    for (const uid of known) if (!uids.has(uid)) goneQueue.add(uid);
  };
  return {
    node,
    get handler() {
      return handler;
    },
    guestOf: (uid) => (stopped ? undefined : handler.guestOf(uid)),
    logFileOf,
    async start() {
      const known = await handler.known();
      if (wasStopped) handler = makeHandler();
      stopped = false;
      await kubelet.start();
      await heartbeat.start();
      labeller.label().catch((error: unknown) => log(`labels of ${node}: ${String(error)}`));
      wakeAll(known);
    },
    async stop() {
      stopped = true;
      wasStopped = true;
      kubelet.close();
      heartbeat.close();
      await handler.close({ leave: true, graceMs: 0 });
    },
    close() {
      kubelet.close();
      heartbeat.close();
    },
  };
}

function multusOf({ options, informers, recorder }: Wiring, node: string): Multus {
  const client = options.clientFor(identities.multus);
  return new Multus({
    client,
    ...informers.pick(client, ['networkAttachments']),
    recorder: recorder(client, 'multus', node),
  });
}

/** The keys of the pods that stand for parts of this program. */
function componentPodsOn(node: string, pods: Informer<Pod>): string[] {
  const own = pods.byIndex('node', node).filter((pod) => componentOfPod(pod) !== undefined);
  return own.map(({ metadata }) => keyText(metadata));
}

/** What a container of a launcher pod writes. */
const guestLog = (folder: string, container: string) =>
  join(folder, container === names.consoleLog ? guestFiles.serialLog : guestFiles.log);

/** Tells of each pod on the node, by its key, whose process is getting on. */
function onProcesses(
  { node, pods }: { node: string; pods: Informer<Pod> },
  { processes }: Wiring['options'],
  tell: (pod: string) => void,
): void {
  processes.onChange((uid) => {
    const pod = pods.byIndex('node', node).find(({ metadata }) => metadata.uid === uid);
    if (pod) tell(keyText(pod.metadata));
  });
}

/** Tells of each VMI, by its key, whose pod Multus has connected to a network on the node, or taken off one. */
function onNetworks(
  { node, pods }: { node: string; pods: Informer<Pod> },
  tell: (vmi: string) => void,
): void {
  pods.onChange(({ before, after }) => {
    const networks = after?.metadata.annotations?.[annotations.status];
    if (networks === before?.metadata.annotations?.[annotations.status]) return;
    const owner = after?.metadata.ownerReferences?.[0];
    if (!owner || after.spec.nodeName !== node) return;
    tell(keyText({ namespace: after.metadata.namespace, name: owner.name }));
  });
}

/** Does the VMI run on the node, come to it or leave it? */
function concerns({ status }: VirtualMachineInstance, node: string): boolean {
  const { sourceNode, targetNode } = status?.migrationState ?? {};
  return [status?.nodeName, sourceNode, targetNode].includes(node);
}

/** How much of this machine each node offers. */
function nodeCapacity(
  runtime: GuestRuntime['name'],
  nodeCount: number,
): { cpus: number; memoryBytes: number; pods: number } {
  // Simulated guests use nothing, so a simulated node is as large as a large server.
  if (runtime === 'simulated') return { cpus: 256, memoryBytes: 4 * 2 ** 40, pods: 20_000 };
  const share = Math.floor((totalmem() * 0.9) / nodeCount);
  return { cpus: cpus().length, memoryBytes: share - (share % 2 ** 20), pods: 250 };
}

/** Simulated guests listen on no address, and are many. */
const addressesInUse = (runtime: GuestRuntime['name']) =>
  runtime === 'simulated' ? () => new Set<string>() : listeningAddresses;
