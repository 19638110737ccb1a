import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';

import type { ComponentLog } from '../component-logs/ComponentLogs.ts';
import { logAnswer } from '../component-logs/logAnswer.ts';
import { messageOf } from '../client/messageOf.ts';
import { listenOnKeptPort } from './keptPort.ts';
import { Refusal } from './Refusal.ts';

export interface LoopbackOptions {
  /** Keeps the port from one run of the program to the next. */
  portFile: string;
  /** In PEM, signed by the cluster's authority. */
  certificate: { cert: string; key: string };
  /** What pages of other origins may send and read; headers absent: any. */
  cors: { methods: string; headers?: string; expose?: string };
  /** Answers a request; what it throws is told to the client. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
  /** The words for a failure that is no Refusal. */
  textOf?(error: unknown): string;
  log: ComponentLog;
}

/** First byte of a TLS record with a handshake (RFC 8446, section 5.1). */
const tlsHandshake = 0x16;
/** As long as CDI's proxies wait for the whole of a request. */
const longestRequestMs = 24 * 3_600_000;

/**
 * Serves users and their browsers on a port of 127.0.0.1 that stays the same, with HTTPS and plain HTTP at
 * once: programs can check the cluster's authority, and a browser need not be told to trust it first.
 */
export class LoopbackServer {
  readonly #is: LoopbackOptions;
  readonly #gate: Server;
  readonly #http: HttpServer;
  readonly #https: HttpsServer;
  readonly #sockets = new Set<Socket>();
  #port: number | undefined;

  constructor(options: LoopbackOptions) {
    this.#is = options;
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      void this.#answer(request, response);
    this.#http = createHttpServer(answer);
    this.#https = createHttpsServer(options.certificate, answer);
    for (const server of [this.#http, this.#https]) server.requestTimeout = longestRequestMs;
    this.#gate = createServer((socket) => {
      this.#admit(socket);
    });
  }

  /** Resolves with the port. */
  async listen(): Promise<number> {
    this.#port = await listenOnKeptPort(this.#gate, this.#is.portFile);
    return this.#port;
  }

  /** Once it listens. */
  get port(): number | undefined {
    return this.#port;
  }

  close(): void {
    this.#gate.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #admit(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return;
      socket.unshift(first);
      const server = first[0] === tlsHandshake ? this.#https : this.#http;
      server.emit('connection', socket);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { cors, log } = this.#is;
    logAnswer(log, request, response);
    const headers = cors.headers ?? request.headers['access-control-request-headers'];
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-methods', cors.methods);
    if (headers) response.setHeader('access-control-allow-headers', headers);
    if (cors.expose) response.setHeader('access-control-expose-headers', cors.expose);
    try {
      const url = new URL(request.url ?? '/', 'http://proxy');
      if (request.method === 'OPTIONS') response.writeHead(204).end();
      else if (url.pathname === '/healthz') response.end('OK');
      else await this.#is.handle(request, response, url);
    } catch (error) {
      this.#fail(error, request, response);
    }
  }

  #fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    if (response.headersSent) {
      // The client sees that it has not got all.
      response.destroy();
      this.#is.log.error(String(error));
      return;
    }
    const refused = error instanceof Refusal;
    const told = refused ? error.message : (this.#is.textOf?.(error) ?? messageOf(error));
    // The rest of what is being sent is not waited for.
    response.setHeader('connection', 'close');
    response.writeHead(refused ? error.code : 500, { 'content-type': 'text/plain' }).end(told);
    request.resume();
  }
}
