import { Segments } from '../cni/Segments.ts';
import { EventRecorder } from '../client/EventRecorder.ts';
import { parseKey } from '../client/Informer.ts';
import type { Pod } from '../client/resources.ts';
import { Reconciler } from '../client/Reconciler.ts';
import type { VirtualMachineInstance } from '../kubevirt/resources.ts';
import type { Guest } from '../kubevirt/virt-launcher/GuestRuntime.ts';
import type { MonitoringOptions } from '../monitoring/Monitoring.ts';
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
import { connectVirtController } from './connectVirtController.ts';
import type { ControllerOptions, Queue, Recorders } from './ControllerOptions.ts';
import { InformerSets } from './InformerSets.ts';
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
  const { clock, log } = options;
  const informers = new InformerSets(options);
  const reconcilers: Reconciler[] = [];
  const queue: Queue = (name, reconcile, concurrency = 8) => {
    const made = new Reconciler({
      name,
      reconcile: async (key) => (await reconcile(parseKey(key))) ?? undefined,
      concurrency,
      clock,
      log,
    });
    reconcilers.push(made);
    return made;
  };
  const recorder: Recorders = (client, component, host) =>
    new EventRecorder(client, { component, clock, log, ...(host !== undefined && { host }) });

  const parts: NodeParts[] = [];
  const guestOf = (vmi: VirtualMachineInstance) =>
    parts.find(({ node }) => node === vmi.status?.nodeName)?.guestOf(vmi.metadata.uid);
  const segments = new Segments();
  const wiring = { options, informers, queue, recorder, segments, guestOf };
  connectVirtController(wiring);
  connectDrain(wiring);
  connectSets(wiring);
  connectSnapshots(wiring);
  connectTemplates(wiring);
  const cdi = connectStorage(wiring);
  const exports = connectExports(wiring);
  connectCluster(wiring);
  const nodes = connectNodes(wiring);
  const whenWorking = connectOperators(wiring);
  for (let index = 0; index < options.nodes; index++) {
    parts.push(startNode(wiring, index));
  }
  const proxy = connectProxy(wiring, (uid) =>
    parts.map((part) => part.guestOf(uid)).find((guest) => guest?.state === 'running'),
  );
  const metrics = connectMonitoring(
    wiring,
    parts.map(({ node }) => node),
    (vmi, nic) =>
      parts
        .find(({ node }) => node === vmi.status?.nodeName)
        ?.handler.trafficOf(vmi.metadata.uid, nic),
  );
  await informers.start();
  await Promise.all(parts.map((part) => part.start()));
  nodes.begin();
  whenWorking();

  const uploadPort = await cdi.listen();
  const exportPort = await exports.listen();

  return {
    uploadPort,
    exportPort,
    metrics,
    guestOf,
    node: (name) => parts.find(({ node }) => node === name),
    logFileOf: (pod, container) =>
      parts.find(({ node }) => node === pod.spec.nodeName)?.logFileOf(pod, container),
    running: () => parts.reduce((sum, { handler }) => sum + handler.running, 0),
    async close({ leaveGuests, graceMs }) {
      if (!leaveGuests) await Promise.all(parts.map(({ handler }) => handler.refuseIncoming()));
      await Promise.all(parts.map(({ handler }) => handler.close({ leave: leaveGuests, graceMs })));
      proxy.close();
      segments.close();
      cdi.close();
      exports.close();
      for (const part of parts) part.close();
      await Promise.all(reconcilers.map((reconciler) => reconciler.close()));
      informers.close();
    },
  };
}
