import type { Clock, Timer } from '../../client/Clock.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { nodes } from '../../client/resources.ts';
import { timestamp } from '../../client/timestamp.ts';
import { names } from '../resources.ts';

interface Dependencies {
  node: string;
  client: KubeClient;
  clock: Clock;
  log: (message: string) => void;
}

const beatMs = 60_000;

/**
 * Tells on its node that virt-handler is there and takes guests (pkg/virt-handler/heartbeat/heartbeat.go,
 * d923fdb).
 */
export class Heartbeat {
  readonly #is: Dependencies;
  #timer: Timer | undefined;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** The first one; rejects when the node is not there. */
  async start(): Promise<void> {
    await this.#beat();
    this.#next();
  }

  #next(): void {
    this.#timer = this.#is.clock.setTimeout(() => {
      this.#beat().catch((error: unknown) => {
        this.#is.log(`virt-handler ${this.#is.node}: heartbeat: ${String(error)}`);
      });
      this.#next();
    }, beatMs);
  }

  async #beat(): Promise<void> {
    const { client, node, clock } = this.#is;
    await client.patch(
      nodes,
      { name: node },
      {
        type: 'merge',
        body: {
          metadata: {
            labels: { [names.schedulable]: 'true' },
            annotations: { [names.heartbeat]: timestamp(clock.now()) },
          },
        },
      },
    );
  }

  close(): void {
    if (this.#timer !== undefined) this.#is.clock.clearTimeout(this.#timer);
  }
}
