import { NetworkPolicies } from '../cni/pod-network/NetworkPolicies.ts';
import { PodNetwork } from '../cni/pod-network/PodNetwork.ts';
import { Segments } from '../cni/Segments.ts';
import type { Pod } from '../client/resources.ts';
import type { Reconciler } from '../client/Reconciler.ts';
import { ClusterServices } from '../kube-proxy/ClusterServices.ts';
import type { VirtualMachineInstance } from '../kubevirt/resources.ts';
import type { Guest } from '../kubevirt/virt-launcher/GuestRuntime.ts';
import type { MonitoringOptions } from '../monitoring/Monitoring.ts';
import { RestRequests } from '../monitoring/RestRequests.ts';
import { connectCluster } from './connectCluster.ts';
import { connectDrain } from './connectDrain.ts';
import { connectExports } from './connectExports.ts';
import { connectMonitoring } from './connectMonitoring.ts';
import { connectNodes } from './connectNodes.ts';
import { connectOperators } from './connectOperators.ts';
import { connectProxy } from './connectServices.ts';
import { connectSets } from './connectSets.ts';
import { connectSnapshots } from './connectSnapshots.ts';
import { connectStorage } from './connectStorage.ts';
import { connectTemplates } from './connectTemplates.ts';
import { connectWorkloads } from './connectWorkloads.ts';
import { connectVirtController } from './connectVirtController.ts';
import type { ControllerOptions } from './ControllerOptions.ts';
import { Health } from './Health.ts';
import { componentLogPath, componentsSay } from './componentLogs.ts';
import { identities } from './identities.ts';
import { InformerSets } from './InformerSets.ts';
import { wiringOf } from './makeWiring.ts';
import { startNode, type NodeParts } from './startNode.ts';

export interface Controllers {
  guestOf(vmi: VirtualMachineInstance): Guest | undefined;
  /** Where a container's log is; undefined for a pod that no node of this cluster runs. */
  logFileOf(pod: Pod, container: string): string | undefined;
  running(): number;
  /** What Prometheus is to ask. */
  readonly metrics: MonitoringOptions['targets'];
  /** A node of this cluster, to be cut off and brought back. */
  node(name: string): NodeParts | undefined;
  /** The port of the upload proxy. */
  readonly uploadPort: number;
  /** That of the export proxy. */
  readonly exportPort: number;
  close(how: { leaveGuests: boolean; graceMs: number }): Promise<void>;
}

/** Starts everything that works on the API: informers first, then what they wake. */
export async function startControllers(options: ControllerOptions): Promise<Controllers> {
  const informers = new InformerSets(options);
  const reconcilers: Reconciler[] = [];
  const parts: NodeParts[] = [];
  const partOf = (name: string | undefined) => parts.find(({ node }) => node === name);
  const guestOf = (vmi: VirtualMachineInstance) =>
    partOf(vmi.status?.nodeName)?.guestOf(vmi.metadata.uid);
  const segments = new Segments();
  const proxyClient = options.clientFor(identities.kubeProxy);
  const podNetwork = new PodNetwork(
    new ClusterServices(informers.pick(proxyClient, ['services', 'endpointSlices'])),
    networkPolicies(options, informers),
  );
  const health = new Health(options.clock.now());
  const counted = new Map<string, RestRequests>();
  const requests = (part: string) => {
    const known = counted.get(part) ?? new RestRequests();
    counted.set(part, known);
    return known;
  };
  const onQueue = (made: Reconciler) => reconcilers.push(made);
  const common = {
    options,
    informers,
    networks: { segments, podNetwork },
    guestOf,
    health,
    requests,
    onQueue,
  };
  const as = (component: string) => wiringOf(common, component);
  const virtController = as('virt-controller');
  connectVirtController(virtController);
  connectDrain(virtController);
  connectSets(virtController);
  connectSnapshots(virtController);
  connectTemplates(as('virt-template-controller'));
  const cdi = connectStorage(as('cdi-deployment'));
  const exports = connectExports(virtController);
  connectCluster(as('kube-controller-manager'));
  const nodes = connectNodes(as('kube-controller-manager'));
  connectWorkloads(as('kube-controller-manager'));
  connectOperators(as('virt-operator'));
  for (let index = 0; index < options.nodes; index++) {
    parts.push(startNode(virtController, index));
  }
  const proxy = connectProxy(as('kube-proxy'), (uid) =>
    parts.map((part) => part.guestOf(uid)).find((guest) => guest?.state === 'running'),
  );
  const metrics = connectMonitoring(
    virtController,
    parts.map(({ node }) => node),
    {
      trafficOf: (vmi, nic) =>
        partOf(vmi.status?.nodeName)?.handler.trafficOf(vmi.metadata.uid, nic),
      panics: (node) => partOf(node)?.handler.panics.list() ?? [],
    },
  );
  const said = componentsSay(options);
  said('Starting');
  await informers.start();
  await Promise.all(parts.map((part) => part.start()));
  nodes.begin();
  const uploadPort = await cdi.listen();
  const exportPort = await exports.listen();
  health.begin();
  said('Started');

  return {
    uploadPort,
    exportPort,
    metrics,
    guestOf,
    node: partOf,
    logFileOf: (pod, container) =>
      componentLogPath(options.logs, pod) ?? partOf(pod.spec.nodeName)?.logFileOf(pod, container),
    running: () => parts.reduce((sum, { handler }) => sum + handler.running, 0),
    async close({ leaveGuests, graceMs }) {
      said('Stopping');
      if (!leaveGuests) await Promise.all(parts.map(({ handler }) => handler.refuseIncoming()));
      await Promise.all(parts.map(({ handler }) => handler.close({ leave: leaveGuests, graceMs })));
      proxy.close();
      segments.close();
      podNetwork.close();
      cdi.close();
      exports.close();
      for (const part of parts) part.close();
      await Promise.all(reconcilers.map((reconciler) => reconciler.close()));
      informers.close();
      await options.logs.settled();
    },
  };
}

/** Pods and namespaces are read by others already. */
function networkPolicies(options: ControllerOptions, informers: InformerSets): NetworkPolicies {
  const { networkPolicies: policies } = informers.pick(
    options.clientFor(identities.networkPolicies),
    ['networkPolicies'],
  );
  const { pods } = informers.pick(options.clientFor(identities.virtHandler), ['pods']);
  const { namespaces } = informers.pick(options.clientFor(identities.virtController), [
    'namespaces',
  ]);
  return new NetworkPolicies({ policies, pods, namespaces });
}
