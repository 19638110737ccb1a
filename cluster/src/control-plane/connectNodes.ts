import { statfs } from 'node:fs/promises';

import { keyText } from '../client/Informer.ts';
import { NodeLifecycleController } from '../kube-controller-manager/NodeLifecycleController.ts';
import { TaintEvictionController } from '../kube-controller-manager/TaintEvictionController.ts';
import { ImageCollector } from '../kubelet/images/ImageCollector.ts';
import { NodeController } from '../kubevirt/virt-controller/NodeController.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** What looks after nodes from outside; `begin` is called when they have registered. */
export function connectNodes({ options, informers: sets, queue, recorder, as }: Wiring): {
  begin: () => void;
} {
  const client = options.clientFor(identities.nodeController);
  const informers = sets.pick(options.clientFor(identities.controllerManager), [
    'nodes',
    'leases',
    'pods',
  ]);
  const parts = {
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'node-controller'),
  };
  const lifecycle = new NodeLifecycleController(parts);
  const eviction = new TaintEvictionController({
    ...parts,
    recorder: recorder(client, 'taint-eviction-controller'),
  });
  const virtController = as('virt-controller');
  const controllerClient = virtController.options.clientFor(identities.virtController);
  const handlers = new NodeController({
    nodes: informers.nodes,
    client: controllerClient,
    recorder: virtController.recorder(controllerClient, 'node-controller'),
  });
  // One key each, looked at again and again.
  const looks = queue('node-lifecycle looks', () => lifecycle.look(), 1);
  const handlerLooks = virtController.queue('virt-controller node', () => handlers.look(), 1);
  const collector = new ImageCollector({
    images: options.containerImages,
    pods: informers.pods,
    clock: options.clock,
    async usage() {
      const { blocks, bavail, bsize } = await statfs(options.dataDir);
      return { used: (blocks - bavail) * bsize, size: blocks * bsize };
    },
  });
  const imageLooks = queue('image collection', () => collector.look(), 1);
  const nodeQueue = queue('node-lifecycle', (key) => lifecycle.reconcile(key));
  const podQueue = queue('taint-eviction', (key) => eviction.reconcile(key));
  const wakePods = (node: string) => {
    for (const { metadata } of informers.pods.byIndex('node', node))
      podQueue.add(keyText(metadata));
  };
  const taintsOf = (node: { spec?: { taints?: unknown } } | undefined) =>
    JSON.stringify(node?.spec?.taints ?? []);
  informers.nodes.onChange(({ key, before, after }) => {
    nodeQueue.add(key.name);
    if (!after || taintsOf(before) !== taintsOf(after)) wakePods(key.name);
  });
  informers.pods.onChange(({ key, before, after }) => {
    const node = after?.spec.nodeName;
    if (!node) return;
    const isNew = before?.spec.nodeName === undefined;
    const isGoing = after.metadata.deletionTimestamp !== undefined;
    if (isNew || isGoing) podQueue.add(keyText(key));
  });
  return {
    begin() {
      looks.add('nodes');
      handlerLooks.add('nodes');
      imageLooks.add('images');
      for (const { metadata } of informers.nodes.list()) nodeQueue.add(metadata.name);
    },
  };
}
