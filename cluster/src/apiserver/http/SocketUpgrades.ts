import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ApiContext } from '../ApiContext.ts';
import { badRequest } from '../ApiError.ts';
import type { WholeReply } from '../ApiReply.ts';
import { certificateUser } from '../auth/clientCertificate.ts';
import { chooseSubprotocol } from './bearerToken.ts';
import { headerOf, requestUrl } from './requestTarget.ts';
import { encodeReply, failureReply } from './replies.ts';
import type { Answer, IncomingRequest, RequestPipeline } from './RequestPipeline.ts';
import { socketWatch } from './streamWatch.ts';

interface SocketUpgradesParts {
  readonly context: ApiContext;
  readonly pipeline: RequestPipeline;
  readonly log: (message: string) => void;
}

/** Opens WebSockets. Everything that can fail is done before the 101, and fails as an HTTP reply. */
export class SocketUpgrades {
  private readonly server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => chooseSubprotocol(offered),
    perMessageDeflate: false,
  });

  constructor(private readonly parts: SocketUpgradesParts) {}

  async handle(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const abort = new AbortController();
    const onClose = () => {
      abort.abort();
    };
    const onError = (error: Error) => {
      this.parts.log(`WebSocket ${request.url ?? ''}: ${error.message}`);
    };
    socket.once('close', onClose);
    socket.on('error', onError);
    try {
      const incoming = toIncoming(request, abort.signal);
      const answer = await this.parts.pipeline.answer(incoming, () => undefined);
      const takeOver = await this.prepare(answer, incoming);
      if (abort.signal.aborted) return;
      this.server.handleUpgrade(request, socket, head, (opened) => {
        socket.off('error', onError);
        opened.on('error', onError);
        takeOver(opened);
      });
    } catch (error) {
      refuse(socket, failureReply(error, this.parts.log));
    }
  }

  close(): void {
    for (const socket of this.server.clients) socket.terminate();
    this.server.close();
  }

  private async prepare(
    answer: Answer,
    incoming: IncomingRequest,
  ): Promise<(socket: WebSocket) => void> {
    switch (answer.kind) {
      case 'watch':
        return (socket) => {
          socketWatch(this.parts.context, answer, incoming.url.searchParams, socket);
        };
      case 'socket':
        return answer.upgrade(answer.request);
      case 'reply':
        throw badRequest(`${incoming.url.pathname} is not a WebSocket: ask without Upgrade`);
    }
  }
}

function toIncoming(request: IncomingMessage, signal: AbortSignal): IncomingRequest {
  return {
    method: request.method ?? 'GET',
    url: requestUrl(request.url ?? '/'),
    headers: request.headers,
    body: Buffer.alloc(0),
    signal,
    isUpgrade: true,
    peer: certificateUser(request.socket),
    header: (name) => headerOf(request.headers, name),
  };
}

function refuse(socket: Duplex, reply: WholeReply): void {
  const { contentType, body } = encodeReply(reply);
  const head = [
    `HTTP/1.1 ${reply.code} ${STATUS_CODES[reply.code] ?? ''}`,
    'Connection: close',
    ...(contentType === '' ? [] : [`Content-Type: ${contentType}`]),
    `Content-Length: ${body.length}`,
    '',
    '',
  ].join('\r\n');
  socket.end(Buffer.concat([Buffer.from(head), body]));
}
