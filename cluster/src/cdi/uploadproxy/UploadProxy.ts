import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Informer } from '../../client/Informer.ts';
import type { PersistentVolumeClaim } from '../../client/resources.ts';
import { LoopbackServer, type LoopbackOptions } from '../../loopback/LoopbackServer.ts';
import { Refusal } from '../../loopback/Refusal.ts';
import { hasSucceeded } from '../claims.ts';
import { asImportError } from '../importer/ImportError.ts';
import { filePart } from './filePart.ts';
import type { Place, UploadSlots } from './UploadSlots.ts';
import type { UploadTokens } from './UploadTokens.ts';

interface Dependencies extends Pick<LoopbackOptions, 'portFile' | 'certificate' | 'log'> {
  claims: Informer<PersistentVolumeClaim>;
  slots: UploadSlots;
  tokens: UploadTokens;
}

const route = /^\/v1(?:alpha1|beta1)\/upload(-form)?(-async)?$/;
/** CDI waits so long for its upload pod. */
const readyWithinMs = 10_000;
const pollMs = 100;

/** Takes uploads of disk images into claims, as CDI's upload proxy does (pkg/uploadproxy, c07cdb6). */
export class UploadProxy {
  readonly #is: Dependencies;
  readonly #server: LoopbackServer;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#server = new LoopbackServer({
      ...dependencies,
      cors: { methods: 'GET, HEAD, POST, PUT, OPTIONS' },
      handle: (request, response, url) => this.#handle(request, response, url),
      textOf: (error) => asImportError(error).message,
    });
  }

  /** Resolves with the port. */
  listen(): Promise<number> {
    return this.#server.listen();
  }

  close(): void {
    this.#server.close();
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
    { pathname }: URL,
  ): Promise<void> {
    const [match, form, background] = route.exec(pathname) ?? [];
    if (!match) throw new Refusal(404, '404 page not found');
    const claim = this.#claimOf(request);
    if (request.method === 'HEAD') return void response.end();
    if (request.method !== 'POST') throw new Refusal(404, '');
    const place = await this.#placeOf(claim);
    await this.#receive(request, place, { form: !!form, background: !!background });
    response.end();
  }

  #claimOf({ headers }: IncomingMessage): PersistentVolumeClaim {
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
    return claim;
  }

  async #placeOf({ metadata }: PersistentVolumeClaim): Promise<Place> {
    for (let waited = 0; ; waited += pollMs) {
      const place = this.#is.slots.take(metadata.uid);
      if (place === 'busy') {
        throw new Refusal(503, `an upload to PVC ${metadata.name} is in progress already`);
      }
      if (place) return place;
      if (waited >= readyWithinMs) {
        throw new Refusal(503, `PVC ${metadata.name} is not ready for an upload yet`);
      }
      await sleep(pollMs);
    }
  }

  /**
   * With `background` it resolves when the bytes are there; their conversion may go on. When that fails
   * there is nobody left to answer to: the server ends, and the DataVolume says why (CDI
   * pkg/uploadserver/uploadserver.go, uploadHandlerAsync).
   */
  async #receive(
    request: IncomingMessage,
    { receive, fail }: Place,
    { form, background }: { form: boolean; background: boolean },
  ): Promise<void> {
    const type = request.headers['content-type'] ?? '';
    const image = form ? Readable.from(filePart(request, type), { objectMode: false }) : request;
    image.on('error', () => undefined);
    const length = Number(request.headers['content-length'] ?? NaN);
    const written = receive(image, form || Number.isNaN(length) ? undefined : length);
    if (!background) return written;
    let isAnswered = false;
    const arrived = new Promise<void>((resolve) => request.once('end', resolve));
    written.catch((error: unknown) => {
      if (isAnswered) fail(error);
    });
    await Promise.race([written, arrived]);
    isAnswered = true;
  }
}
