import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

import { keyText } from '../client/Informer.ts';
import type { Pod } from '../client/resources.ts';
import { Kubelet, type Workload } from '../kubelet/Kubelet.ts';
import { podCidr } from '../kubelet/addresses.ts';
import { names } from '../kubevirt/resources.ts';
import { VirtHandler } from '../kubevirt/virt-handler/VirtHandler.ts';
import { guestFiles } from '../kubevirt/virt-launcher/qemuArguments.ts';
import { findCondition } from '../kubevirt/virt-controller/conditions.ts';
import type { GuestRuntime } from '../kubevirt/virt-launcher/GuestRuntime.ts';
import type { ControllerOptions, Queue, Recorders } from './ControllerOptions.ts';
import type { Informers } from './informers.ts';
import { kubernetesVersion } from '../versions.ts';

export interface NodeParts {
  node: string;
  kubelet: Kubelet;
  handler: VirtHandler;
  /** The file with what a container of a launcher pod on this node has written. */
  logFileOf(pod: Pod, container: string): string;
}

/** A node: its kubelet and its virt-handler, side by side as on a real one. */
export function startNode(
  options: ControllerOptions,
  informers: Informers,
  index: number,
  queue: Queue,
  recorder: Recorders,
): NodeParts {
  const node = `node-${index + 1}`;
  const { client, clock, log, runtime } = options;
  const folder = join(options.dataDir, 'nodes', node);
  const handler = new VirtHandler({
    node,
    folder,
    client,
    runtime,
    vmis: informers.vmis,
    pods: informers.pods,
    volumes: {
      images: options.images,
      simulated: runtime.name === 'simulated',
      folderOf: (namespace, claim) => folderOf(informers, namespace, claim),
    },
    recorder: recorder('virt-handler', node),
    clock,
    log,
  });
  const kubelet = new Kubelet({
    facts: {
      name: node,
      address: '127.0.0.1',
      podCidr: podCidr(index),
      ...nodeCapacity(runtime.name, options.nodes),
      acceleration: runtime.acceleration,
      hypervisor: runtime.version,
      kubernetesVersion,
      controlPlane: index === 0,
    },
    client,
    pods: informers.pods,
    claims: informers.claims,
    workload: workload(handler, informers),
    clock,
    log,
  });
  const vmiQueue = queue(`virt-handler ${node}`, (key) => handler.reconcile(key), 16);
  // A VMI may be gone before the handler has seen that its guest ended.
  const goneQueue = queue(`virt-handler ${node} gone`, ({ name }) => handler.forget(name));
  const podQueue = queue(`kubelet ${node}`, (key) => kubelet.reconcile(key));
  informers.vmis.onChange(({ key, before, after }) => {
    if (!after && before?.status?.nodeName === node) goneQueue.add(before.metadata.uid);
    if (after?.status?.nodeName !== node) return;
    vmiQueue.add(keyText(key));
    for (const pod of informers.pods.byIndex('createdBy', after.metadata.uid)) {
      podQueue.add(keyText(pod.metadata));
    }
  });
  informers.pods.onChange(({ key, after }) => {
    if (after?.spec.nodeName === node) podQueue.add(keyText(key));
  });
  const logFileOf = (pod: Pod, container: string) =>
    join(
      handler.folderOf(vmiUidOf(pod)),
      container === names.consoleLog ? guestFiles.serialLog : guestFiles.log,
    );
  return { node, kubelet, handler, logFileOf };
}

async function folderOf(
  { claims, volumes }: Informers,
  namespace: string,
  name: string,
): Promise<string> {
  const claim = claims.get({ namespace, name });
  const volume = volumes.get({ name: claim?.spec.volumeName ?? '' });
  const path = volume?.spec.hostPath?.path;
  if (!path) throw new Error(`PVC ${namespace}/${name} is not bound to a volume of this machine`);
  return Promise.resolve(path);
}

const vmiUidOf = (pod: Pod) => pod.metadata.labels?.[names.createdBy] ?? '';

/** Launcher pods stand for guests: a pod ends when its guest has. */
function workload(handler: VirtHandler, { vmis }: Informers): Workload {
  return {
    stop: (pod, graceSeconds) => handler.terminate(vmiUidOf(pod), graceSeconds),
    isPaused(pod) {
      const owner = pod.metadata.ownerReferences?.[0]?.name ?? '';
      const vmi = vmis.get({ namespace: pod.metadata.namespace, name: owner });
      return findCondition(vmi?.status?.conditions, 'Paused')?.status === 'True';
    },
  };
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
