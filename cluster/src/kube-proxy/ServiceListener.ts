import { createServer, type Server, type Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';

/** One place where a connection can go on to. */
export interface Backend {
  /** Names it: `address:port`. */
  id: string;
  /** Rejects when nothing answers there. */
  connect(): Promise<Duplex>;
}

export interface Traffic {
  backends: readonly Backend[];
  /** Milliseconds that a client stays with its backend (session affinity `ClientIP`); 0: not at all. */
  affinityMs: number;
}

/** One address and port of a service: takes connections and passes each on to one of the backends. */
export class ServiceListener {
  traffic: Traffic;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Map<string, { backend: string; untilMs: number }>();
  readonly #now: () => number;
  #next = 0;

  private constructor(server: Server, traffic: Traffic, now: () => number) {
    this.#server = server;
    this.traffic = traffic;
    this.#now = now;
    server.on('connection', (socket) => void this.#serve(socket));
  }

  /** Rejects with Node's system error when the address cannot be had. `now` is in milliseconds. */
  static async open(
    address: string,
    port: number,
    traffic: Traffic,
    now: () => number,
  ): Promise<ServiceListener> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port, exclusive: true }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new ServiceListener(server, traffic, now);
  }

  /** Takes no more connections; those that there are go on, unless `all` ends them. */
  close(all: boolean): void {
    this.#server.close();
    if (all) for (const socket of this.#sockets) socket.destroy();
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // Its cause is of no use to anybody: `close` follows.
    socket.on('error', () => socket.destroy());
    const onward = await this.#connect(socket.remoteAddress ?? '');
    if (onward === undefined || socket.destroyed) {
      onward?.destroy();
      socket.resetAndDestroy();
      return;
    }
    pipeline(socket, onward, socket, () => {
      // Either side ended or failed; pipeline has closed the other one.
    });
  }

  /** The first backend that answers, from the one whose turn it is; undefined when none does. */
  async #connect(client: string): Promise<Duplex | undefined> {
    for (const backend of this.#inTurn(client)) {
      try {
        const onward = await backend.connect();
        if (this.traffic.affinityMs > 0) {
          const untilMs = this.#now() + this.traffic.affinityMs;
          this.#clients.set(client, { backend: backend.id, untilMs });
        }
        return onward;
      } catch {
        // The next one may answer; when none does, the client is told by a reset.
        continue;
      }
    }
    return undefined;
  }

  #inTurn(client: string): Backend[] {
    const { backends } = this.traffic;
    for (const [known, { untilMs }] of this.#clients) {
      if (untilMs < this.#now()) this.#clients.delete(known);
    }
    const kept = backends.findIndex(({ id }) => id === this.#clients.get(client)?.backend);
    const first = kept >= 0 ? kept : this.#next++ % Math.max(1, backends.length);
    return [...backends.slice(first), ...backends.slice(0, first)];
  }
}
