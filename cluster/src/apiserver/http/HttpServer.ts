import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ApiContext } from '../ApiContext.ts';
import { badRequest, requestEntityTooLarge } from '../ApiError.ts';
import { certificateUser } from '../auth/clientCertificate.ts';
import type { ServerCertificate } from './certificate.ts';
import { failureReply, sendReply } from './replies.ts';
import type { Answer, IncomingRequest, RequestPipeline } from './RequestPipeline.ts';
import { headerOf, requestUrl } from './requestTarget.ts';
import { streamWatch } from './streamWatch.ts';
import { SocketUpgrades } from './SocketUpgrades.ts';

/** As the API server: etcd takes no larger objects. */
const bodyLimitBytes = 3 * 1024 * 1024;

export interface HttpServerParts {
  readonly context: ApiContext;
  readonly pipeline: RequestPipeline;
  readonly certificate: ServerCertificate | undefined;
  readonly log: (message: string) => void;
}

/** The API over HTTP and WebSockets, plain or with TLS. */
export class HttpServer {
  readonly app: FastifyInstance;
  private readonly upgrades: SocketUpgrades;

  constructor(private readonly parts: HttpServerParts) {
    const { certificate } = parts;
    const common = {
      bodyLimit: bodyLimitBytes,
      forceCloseConnections: true,
      // A URL that cannot be decoded comes to no route.
      frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) => {
        void sendReply(reply, failureReply(badRequest(error.message), parts.log), [], undefined);
      },
    };
    this.app =
      certificate === undefined
        ? fastify(common)
        : fastify({
            ...common,
            https: {
              key: certificate.key,
              cert: certificate.cert,
              ca: certificate.ca,
              // A client may show a certificate; who it is and whether it must is decided later.
              requestCert: true,
              rejectUnauthorized: false,
            },
          });
    this.app.removeAllContentTypeParsers();
    this.app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
    this.app.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
      const failure =
        error.statusCode === 413
          ? requestEntityTooLarge(bodyLimitBytes)
          : badRequest(error.message);
      return sendReply(reply, failureReply(failure, this.parts.log), [], undefined);
    });
    this.app.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: '/*',
      handler: (request, reply) => this.handle(request, reply),
    });
    this.upgrades = new SocketUpgrades(parts);
    this.app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      void this.upgrades.handle(request, socket, head);
    });
  }

  /** Resolves with the port; 0 asks for any free one. */
  async listen(port: number, host: string): Promise<number> {
    await this.app.listen({ port, host });
    return (this.app.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.upgrades.close();
    await this.app.close();
  }

  private async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const abort = new AbortController();
    reply.raw.once('close', () => {
      // Of what was answered in full nobody waits for the signal, which costs a stack trace.
      if (!reply.raw.writableFinished) abort.abort();
    });
    const warnings: string[] = [];
    const encodings = request.headers['accept-encoding'];
    try {
      const incoming = toIncoming(request, abort.signal);
      const answer = await this.parts.pipeline.answer(incoming, (text) => warnings.push(text));
      return await this.send(reply, answer, warnings, incoming, abort);
    } catch (error) {
      return sendReply(reply, failureReply(error, this.parts.log), warnings, encodings);
    }
  }

  private async send(
    reply: FastifyReply,
    answer: Answer,
    warnings: readonly string[],
    incoming: IncomingRequest,
    abort: AbortController,
  ): Promise<FastifyReply> {
    switch (answer.kind) {
      case 'reply':
        return sendReply(reply, answer.reply, warnings, incoming.header('accept-encoding'));
      case 'watch':
        reply.hijack();
        streamWatch(this.parts.context, answer, incoming.url.searchParams, reply.raw);
        return reply;
      case 'socket':
        // A plain GET of a WebSocket's route: its checks may tell why it would be refused.
        await answer.upgrade(answer.request);
        abort.abort();
        throw badRequest(
          `${incoming.url.pathname} is a WebSocket: connect with "Upgrade: websocket"`,
        );
    }
  }
}

function toIncoming(request: FastifyRequest, signal: AbortSignal): IncomingRequest {
  return {
    method: request.method === 'HEAD' ? 'GET' : request.method,
    url: requestUrl(request.url),
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    signal,
    isUpgrade: false,
    peer: certificateUser(request.raw.socket),
    header: (name) => headerOf(request.headers, name),
  };
}
