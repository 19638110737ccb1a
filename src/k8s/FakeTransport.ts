import type { KubernetesObject } from '~/k8s/KubernetesObject';
import type { SocketHandlers, WatchTransport } from '~/k8s/WatchTransport';

type Socket = { path: string; handlers: SocketHandlers; closed: boolean };
type Request = { path: string; answer: (body: unknown) => void; refuse: (error: unknown) => void };

/** An API server that answers when a test says so. */
export class FakeTransport implements WatchTransport {
  requests: Request[] = [];
  sockets: Socket[] = [];

  fetchJson(path: string): Promise<unknown> {
    return new Promise((answer, refuse) => {
      this.requests.push({ path, answer, refuse });
    });
  }

  openSocket(path: string, handlers: SocketHandlers) {
    const socket = { path, handlers, closed: false };
    this.sockets.push(socket);
    return {
      close() {
        socket.closed = true;
      },
    };
  }

  async answerList(items: KubernetesObject[], resourceVersion: string, token?: string) {
    const metadata = { resourceVersion, ...(token !== undefined && { continue: token }) };
    this.#request().answer({ metadata, items });
    await settle();
  }

  async refuseList(code: number | undefined) {
    this.#request().refuse(Object.assign(new Error(`refused ${code}`), { code }));
    await settle();
  }

  get socket(): Socket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  }

  send(type: string, object: unknown): void {
    this.socket.handlers.message(JSON.stringify({ type, object }));
  }

  #request(): Request {
    const request = this.requests.shift();
    if (request === undefined) throw new Error('nothing was requested');
    return request;
  }
}

/** Lets the promises between the transport and the store come to rest. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
