import type { EventRecorder } from '../../client/EventRecorder.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { type Node, nodes } from '../../client/resources.ts';
import { names } from '../resources.ts';

interface Dependencies {
  client: KubeClient;
  nodes: Informer<Node>;
  recorder: EventRecorder;
}

const lookMs = 60_000;
/** Looks without a new heartbeat after which a virt-handler is given up: 5 minutes. */
const mostMisses = 5;

/**
 * Takes nodes from the choice for VMIs whose virt-handler has shown no heartbeat for 5 minutes. KubeVirt:
 * pkg/virt-controller/watch/node/node.go (d923fdb). Late is counted in looks, as of the nodes' leases.
 */
export class NodeController {
  readonly #is: Dependencies;
  readonly #seen = new Map<string, { heartbeat: string | undefined; misses: number }>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async look(): Promise<{ requeueAfterMs: number }> {
    for (const node of this.#is.nodes.list()) {
      const { name, annotations, labels } = node.metadata;
      const heartbeat = annotations?.[names.heartbeat];
      const before = this.#seen.get(name);
      const misses = before && before.heartbeat === heartbeat ? before.misses + 1 : 0;
      this.#seen.set(name, { heartbeat, misses });
      if (misses < mostMisses || labels?.[names.schedulable] !== 'true') continue;
      const text = 'virt-handler is not responsive, marking node as unresponsive';
      this.#is.recorder.warning(node, 'NodeUnresponsive', text);
      await ignoreGone(
        this.#is.client.patch(
          nodes,
          { name },
          { type: 'merge', body: { metadata: { labels: { [names.schedulable]: 'false' } } } },
        ),
      );
    }
    return { requeueAfterMs: lookMs };
  }
}
