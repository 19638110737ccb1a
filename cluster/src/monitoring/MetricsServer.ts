import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Gives the metrics of one part in Prometheus' text format. */
export type Collect = () => Promise<string>;

/** Where Prometheus finds metrics: on 127.0.0.1 alone, and only with the token. */
export class MetricsServer {
  readonly token = randomBytes(24).toString('base64url');
  readonly #collectors: ReadonlyMap<string, Collect>;
  readonly #log: (message: string) => void;
  #server: Server | undefined;

  /** `collectors` by their path: `/virt-controller`. */
  constructor(collectors: ReadonlyMap<string, Collect>, log: (message: string) => void) {
    this.#collectors = collectors;
    this.#log = log;
  }

  /** Resolves with the port. */
  async listen(): Promise<number> {
    const server = createServer((request, response) => {
      void this.#answer(request, response);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No port was bound');
    return address.port;
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const end = (code: number, text: string) => {
      response.writeHead(code, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(text);
    };
    const collect = this.#collectors.get(request.url ?? '');
    try {
      if (!this.#mayRead(request.headers.authorization ?? '')) end(401, 'Unauthorized\n');
      else if (collect) end(200, await collect());
      else end(404, 'Not found\n');
    } catch (error) {
      this.#log(`metrics of ${request.url ?? ''}: ${String(error)}`);
      end(500, 'The metrics could not be collected\n');
    }
  }

  #mayRead(authorization: string): boolean {
    const [given, wanted] = [authorization, `Bearer ${this.token}`].map((text) =>
      Buffer.from(text),
    );
    return (
      given !== undefined &&
      wanted !== undefined &&
      given.length === wanted.length &&
      timingSafeEqual(given, wanted)
    );
  }
}
