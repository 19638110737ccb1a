import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Informer } from '../../client/Informer.ts';
import type { PersistentVolumeClaim } from '../../client/resources.ts';
import { hasSucceeded } from '../claims.ts';
import { asImportError } from '../importer/ImportError.ts';
import { filePart, FormError } from './filePart.ts';
import type { Receive, UploadSlots } from './UploadSlots.ts';
import type { UploadTokens } from './UploadTokens.ts';

interface Dependencies {
  claims: Informer<PersistentVolumeClaim>;
  slots: UploadSlots;
  tokens: UploadTokens;
}

const route = /^\/v1(?:alpha1|beta1)\/upload(-form)?(-async)?$/;
/** CDI waits so long for its upload pod. */
const readyWithinMs = 10_000;
const pollMs = 100;

class Refusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Takes uploads of disk images into claims, as CDI's upload proxy does (pkg/uploadproxy, c07cdb6). It speaks
 * plain HTTP on 127.0.0.1, so that a browser need not be told to trust a certificate.
 */
export class UploadProxy {
  readonly #is: Dependencies;
  readonly #server: Server;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    // An upload of a large disk may take hours.
    this.#server.requestTimeout = 0;
  }

  /** Resolves with the port, a free one. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-methods', 'GET, HEAD, POST, PUT, OPTIONS');
    const wanted = request.headers['access-control-request-headers'];
    if (wanted) response.setHeader('access-control-allow-headers', wanted);
    try {
      const path = new URL(request.url ?? '/', 'http://proxy').pathname;
      if (request.method === 'OPTIONS') return void response.writeHead(204).end();
      if (path === '/healthz') return void response.end('OK');
      const [match, form, background] = route.exec(path) ?? [];
      if (!match) throw new Refusal(404, '404 page not found');
      const claim = await this.#claimOf(request);
      if (request.method === 'HEAD') return void response.end();
      if (request.method !== 'POST') throw new Refusal(404, '');
      if (request.headers['x-cdi-content-type'] === 'archive') {
        throw new Refusal(501, 'archives are not implemented by this upload proxy');
      }
      const receive = await this.#slotOf(claim);
      await this.#receive(request, receive, { form: !!form, background: !!background });
      response.end();
    } catch (error) {
      const code = error instanceof Refusal ? error.code : error instanceof FormError ? 400 : 500;
      const text = error instanceof Refusal ? error.message : asImportError(error).message;
      // The rest of the image is not waited for.
      response.setHeader('connection', 'close');
      response.writeHead(code, { 'content-type': 'text/plain' }).end(text);
      request.resume();
    }
  }

  async #claimOf({ headers }: IncomingMessage): Promise<PersistentVolumeClaim> {
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
    if (token === undefined) {
      throw new Refusal(400, 'Authorization header is missing or malformed');
    }
    const key = this.#is.tokens.claimOf(token);
    if (!key) throw new Refusal(401, 'the upload token is invalid or has expired');
    const claim = this.#is.claims.get(key);
    if (!claim) {
      throw new Refusal(503, `rejecting Upload Request for PVC ${key.name} that doesn't exist`);
    }
    if (hasSucceeded(claim)) {
      throw new Refusal(
        503,
        `rejecting Upload Request for PVC ${key.name} that already finished uploading`,
      );
    }
    return Promise.resolve(claim);
  }

  async #slotOf({ metadata }: PersistentVolumeClaim): Promise<Receive> {
    for (let waited = 0; ; waited += pollMs) {
      const receive = this.#is.slots.take(metadata.uid);
      if (receive === 'busy') {
        throw new Refusal(503, `an upload to PVC ${metadata.name} is in progress already`);
      }
      if (receive) return receive;
      if (waited >= readyWithinMs) {
        throw new Refusal(503, `PVC ${metadata.name} is not ready for an upload yet`);
      }
      await sleep(pollMs);
    }
  }

  /** With `background` it resolves when the bytes are there; their conversion may go on. */
  async #receive(
    request: IncomingMessage,
    receive: Receive,
    { form, background }: { form: boolean; background: boolean },
  ): Promise<void> {
    const type = request.headers['content-type'] ?? '';
    const image = form ? Readable.from(filePart(request, type), { objectMode: false }) : request;
    image.on('error', () => undefined);
    const length = Number(request.headers['content-length'] ?? NaN);
    const written = receive(image, form || Number.isNaN(length) ? undefined : length);
    if (!background) return written;
    const arrived = new Promise<void>((resolve) => request.once('end', resolve));
    written.catch(() => undefined);
    await Promise.race([written, arrived]);
  }
}
