import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { consoleStatus } from './consoleStatus.ts';
import {
  contentSecurityPolicy,
  indexPage,
  plainPage,
  readEntryFiles,
  type ServerFlags,
} from './indexPage.ts';
import { kubernetesPrefix, kubernetesProxy } from './kubernetesProxy.ts';
import { KubernetesTarget } from './KubernetesTarget.ts';
import { kubernetesUpgrade, refuseUpgrade } from './kubernetesUpgrade.ts';
import { pluginRoutes } from './pluginRoutes.ts';
import { prometheusProxy } from './prometheusProxy.ts';
import { csrfCookie, isApiPath, readCookies, type Refusal, RequestGuard } from './requestGuard.ts';
import { StaticFiles } from './StaticFiles.ts';

export interface ConsoleServerOptions {
  /** 0 takes a free port; `url` tells which. */
  port: number;
  /** Default 127.0.0.1. Only requests that name a loopback host are served. */
  host?: string;
  /** The built plugin: the folder of plugin-manifest.json. */
  pluginDir: string;
  pluginName?: string;
  /** The built shell (standalone/dist/web). */
  webDir: string;
  /** Path of a kubeconfig; its credentials are the user's identity. */
  kubeconfig: string;
  /** Context within the kubeconfig; default its current one. */
  context?: string;
  /** Secret that opens the console; `/?key=<accessKey>` logs a browser in. */
  accessKey: string;
  about: { programVersion: string };
  /** Where metrics are asked for: `namespace/name:port`; default that of kube-prometheus. */
  prometheusService?: string;
}

export interface ConsoleServer {
  /** Starts to listen; rejects with Node's error (EADDRINUSE ...). Returns the URL with the key. */
  listen(): Promise<string>;
  /** Ends all requests, watches and consoles included. */
  close(): Promise<void>;
  /** `http://127.0.0.1:<port>`, once listening. */
  readonly url: string;
}

/** The version of the OpenShift console whose plugin API standalone/web/sdk implements. */
const releaseVersion = '4.22.0';

/** Routes of the OpenShift console that are not built here yet. */
const unimplemented = ['/api/alertmanager', '/api/proxy'];

/** Makes the standalone console's server: pages, plugin files and the way to the API server. */
export function createConsoleServer(options: ConsoleServerOptions): ConsoleServer {
  const host = options.host ?? '127.0.0.1';
  const pluginName = options.pluginName ?? 'virtdeck';
  const target = new KubernetesTarget(options.kubeconfig, options.context);
  const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 4096 } });
  let port = options.port;
  const guard = new RequestGuard(options.accessKey, () => port);
  const flags: ServerFlags = {
    basePath: '/',
    consolePlugins: [pluginName],
    i18nNamespaces: [`plugin__${pluginName}`],
    releaseVersion,
    programVersion: options.about.programVersion,
    clusterContext: target.contextName,
    ...(target.contextNamespace !== undefined && { contextNamespace: target.contextNamespace }),
    clusterServer: target.serverUrl.origin,
  };

  guardRequests(app, guard);
  void app.register((scope, _options, done) => {
    kubernetesProxy(scope, target);
    prometheusProxy(scope, target, options.prometheusService);
    done();
  });
  pluginRoutes(app, new Map([[pluginName, options.pluginDir]]));
  for (const route of unimplemented) {
    const answer = (_request: FastifyRequest, reply: FastifyReply) =>
      reply
        .code(501)
        .send(consoleStatus(501, 'NotImplemented', `${route} is not implemented in this console.`));
    app.all(route, answer);
    app.all(`${route}/*`, answer);
  }
  pages(app, options.webDir, flags);
  const upgraded = acceptUpgrades(app, guard, target);

  const url = () => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    async listen() {
      await app.listen({ host, port: options.port });
      const address = app.server.address();
      if (address !== null && typeof address === 'object') port = address.port;
      return `${url()}/?key=${options.accessKey}`;
    },
    async close() {
      for (const socket of upgraded) socket.destroy();
      await app.close();
      target.close();
    },
    get url() {
      return url();
    },
  };
}

function guardRequests(app: FastifyInstance, guard: RequestGuard): void {
  app.addHook('onRequest', async (request, reply) => {
    const guarded = { method: request.method, url: request.url, headers: request.headers };
    reply
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cross-origin-opener-policy', 'same-origin')
      .header('cross-origin-resource-policy', 'same-origin')
      .header('x-frame-options', 'DENY');

    const foreign = guard.refuseForeign(guarded);
    if (foreign) return refuse(request, reply, foreign);
    const login = urlOf(request);
    const key = isApiPath(login.pathname) ? null : login.searchParams.get('key');
    if (key !== null && request.method === 'GET' && guard.isRightKey(key)) {
      login.searchParams.delete('key');
      return logIn(request, reply, guard.sessionCookie, login.pathname + login.search);
    }
    const refusal = guard.refuse(guarded);
    if (refusal) return refuse(request, reply, refusal);
    return undefined;
  });

  app.setErrorHandler(async (error, _request, reply) => {
    const message = error instanceof Error ? error.message : String(error);
    await reply
      .code(500)
      .send(consoleStatus(500, 'InternalError', `The console failed to answer: ${message}`));
  });
}

/** Sets the cookie and goes on to the same page without the key in its address. */
function logIn(request: FastifyRequest, reply: FastifyReply, cookie: string, address: string) {
  // "//host" would be another site.
  const to = address.replace(/^\/+/, '/');
  reply.header('set-cookie', cookie).header('cache-control', 'no-store');
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin')
    return reply.redirect(to, 303);
  // After a link from another site a redirect would still count as theirs, and go without the
  // strict cookie; a page of ours that goes on by itself does not.
  const refresh = `<meta http-equiv="refresh" content="0;url=${encodeURI(to).replaceAll('"', '%22')}">`;
  return reply
    .type('text/html; charset=utf-8')
    .send(plainPage('virtdeck', 'The console is being opened.', refresh));
}

function refuse(request: FastifyRequest, reply: FastifyReply, { code, reason, message }: Refusal) {
  reply.code(code).header('cache-control', 'no-store');
  if (isApiPath(request.url) || request.method !== 'GET')
    return reply.send(consoleStatus(code, reason, message));
  const title =
    code === 401 ? 'Open virtdeck by its printed address' : 'virtdeck refused this request';
  return reply
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    .type('text/html; charset=utf-8')
    .send(plainPage(title, message));
}

/** Files of the shell, and its index page for every address that the browser's router knows. */
function pages(app: FastifyInstance, webDir: string, flags: ServerFlags): void {
  const files = new StaticFiles(webDir);
  app.get('/*', async (request, reply) => {
    const url = urlOf(request);
    const path = decodePath(url.pathname);
    if (isApiPath(url.pathname))
      return reply
        .code(404)
        .send(consoleStatus(404, 'NotFound', `This console has no ${url.pathname}.`));
    if (path !== undefined && path !== '' && (await files.send(request, reply, path))) return reply;
    if (path === undefined || /\.(css|js|json|map|png|svg|woff2)$/.test(path))
      return reply
        .code(404)
        .send(consoleStatus(404, 'NotFound', `This console has no file ${url.pathname}.`));

    const nonce = randomBytes(16).toString('base64');
    if (!readCookies(request.headers.cookie).has(csrfCookie))
      reply.header(
        'set-cookie',
        `${csrfCookie}=${randomBytes(32).toString('base64url')}; SameSite=Strict; Path=/`,
      );
    return reply
      .header('content-security-policy', contentSecurityPolicy(nonce, request.headers.host ?? ''))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(indexPage(await readEntryFiles(webDir), flags, nonce));
  });
}

/** Only path and query count; a prefix keeps "//host" from being read as a host. */
function urlOf(request: FastifyRequest): URL {
  return new URL(`http://console${request.url.startsWith('/') ? '' : '/'}${request.url}`);
}

function decodePath(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname).slice(1);
  } catch {
    // A malformed escape names no file of ours: the caller answers 404.
    return undefined;
  }
}

function acceptUpgrades(app: FastifyInstance, guard: RequestGuard, target: KubernetesTarget) {
  const open = new Set<Duplex>();
  app.server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const { method = 'GET', url = '', headers } = request;
    const refusal = guard.refuse({ method, url, headers });
    if (refusal) refuseUpgrade(socket, refusal.code, refusal.reason, refusal.message);
    else if (!url.startsWith(`${kubernetesPrefix}/`))
      refuseUpgrade(
        socket,
        404,
        'NotFound',
        `There is no WebSocket at ${url.split('?')[0] ?? ''}.`,
      );
    else void kubernetesUpgrade(target, request, socket, head);
  });
  return open;
}
