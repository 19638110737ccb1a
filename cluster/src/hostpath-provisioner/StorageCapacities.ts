import { createHash } from 'node:crypto';

import { ensure } from '../client/ensure.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { Draft, KubeClient } from '../client/KubeClient.ts';
import {
  type CsiStorageCapacity,
  csiStorageCapacities,
  type Node,
  type StorageClass,
} from '../client/resources.ts';
import { formatBytes, parseQuantity } from '../quantity.ts';
import { provisioner } from './HostpathProvisioner.ts';
import { provisionerAccount } from './provisionerRole.ts';

interface Dependencies {
  client: KubeClient;
  classes: Informer<StorageClass>;
  nodes: Informer<Node>;
  /** Bytes that are free for volumes; undefined when they are not limited. */
  available: () => Promise<number | undefined>;
}

/** As often as the sidecar external-provisioner asks a CSI driver (`--capacity-poll-interval`). */
const pollMs = 60_000;
const mebibyte = 2 ** 20;
const { namespace } = provisionerAccount;
/** The key of the hostpath provisioner's topology (pkg/hostpath/hostpath.go, TopologyKeyNode). */
const topologyKey = 'topology.hostpath.csi/node';

/**
 * Tells how much room each class has on each node, in the objects that external-provisioner makes for a CSI driver
 * (kubernetes-csi/external-provisioner, pkg/capacity/capacity.go). All nodes are on one machine: all have the same.
 */
export class StorageCapacities {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(): Promise<{ requeueAfterMs?: number }> {
    const available = await this.#is.available();
    if (available === undefined) return {};
    const capacity = formatBytes(Math.floor(available / mebibyte) * mebibyte);
    const wanted = new Map(this.#drafts(capacity).map((draft) => [draft.metadata.name, draft]));
    const { items } = await this.#is.client.list(csiStorageCapacities, { namespace });
    for (const found of items) {
      const draft = wanted.get(found.metadata.name);
      wanted.delete(found.metadata.name);
      if (!draft) await ignoreGone(this.#is.client.delete(csiStorageCapacities, found.metadata));
      else if (parseQuantity(found.capacity ?? '') !== parseQuantity(capacity))
        await ignoreGone(this.#is.client.update(csiStorageCapacities, { ...found, capacity }));
    }
    for (const draft of wanted.values()) await ensure(this.#is.client, csiStorageCapacities, draft);
    return { requeueAfterMs: pollMs };
  }

  #drafts(capacity: string): Draft<CsiStorageCapacity>[] {
    const classes = this.#is.classes.list().filter((one) => one.provisioner === provisioner);
    return classes.flatMap(({ metadata: { name: storageClassName } }) =>
      this.#is.nodes.list().map(({ metadata: { name: node } }) => ({
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSIStorageCapacity',
        metadata: {
          name: nameFor(storageClassName, node),
          namespace,
          labels: {
            'csi.storage.k8s.io/drivername': provisioner,
            'csi.storage.k8s.io/managed-by': 'external-provisioner',
          },
        },
        storageClassName,
        nodeTopology: { matchLabels: { [topologyKey]: node } },
        capacity,
      })),
    );
  }
}

function nameFor(storageClass: string, node: string): string {
  const hash = createHash('sha256').update(`${storageClass}/${node}`).digest('hex');
  return `csisc-${hash.slice(0, 8)}`;
}
