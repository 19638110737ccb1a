import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type http from 'node:http';
import { pipeline } from 'node:stream';
import { consoleStatus } from './consoleStatus.ts';
import type { KubernetesTarget } from './KubernetesTarget.ts';

export const kubernetesPrefix = '/api/kubernetes';

/** Time for the API server to accept a connection; a watch may then last for hours. */
const connectTimeoutMs = 10_000;

/** Headers that belong to one connection (RFC 9110 section 7.6.1) and never travel on. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What is between browser and console, and what would let a page speak as someone else. */
const neverForwarded = new Set([
  'host',
  'cookie',
  'origin',
  'referer',
  'x-csrftoken',
  'authorization',
]);

export function forwardedHeaders(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const forwarded: http.OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    const isPrivate =
      hopByHop.has(name) || neverForwarded.has(name) || name.startsWith('sec-fetch-');
    if (!isPrivate) forwarded[name] = value;
  }
  // Node would send a DELETE's body of unknown length without any framing.
  if (headers['transfer-encoding'] !== undefined) forwarded['transfer-encoding'] = 'chunked';
  return forwarded;
}

export function returnedHeaders(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const returned: http.OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers))
    if (!hopByHop.has(name) && name !== 'set-cookie') returned[name] = value;
  // As the OpenShift console does: a proxied page must not run script in our origin.
  returned['content-security-policy'] = 'sandbox;';
  returned['x-content-type-options'] = 'nosniff';
  return returned;
}

/**
 * The path for the API server, or undefined when it has dot segments: behind some servers
 * (https://host/k8s/clusters/x) they would reach what is outside the API.
 */
export function kubernetesPath(url: string, prefix = kubernetesPrefix): string | undefined {
  const path = url.slice(prefix.length) || '/';
  const segments = (path.split('?')[0] ?? '').replaceAll(/%2e/gi, '.').split(/\/|%2f|\\/i);
  return segments.some((segment) => segment === '.' || segment === '..') ? undefined : path;
}

/** Says why the API server cannot be asked, in words for the user. */
export function explainUnreachable(target: KubernetesTarget, error: unknown): string {
  const cause = error instanceof Error ? error.message || error.name : String(error);
  return `The Kubernetes API server ${target.serverUrl.origin} cannot be reached (${cause}). Check that the cluster runs and that the kubeconfig is right.`;
}

/** The same for credentials, for example when an exec plugin failed. */
export function explainCredentials(error: unknown): string {
  const cause = error instanceof Error ? error.message : String(error);
  return `The kubeconfig's credentials could not be used: ${cause}`;
}

/** Gives up when no connection stands in time; a kept-alive one stands already. */
export function limitConnectTime(request: http.ClientRequest): void {
  const timer = setTimeout(() => {
    request.destroy(new Error(`no connection within ${connectTimeoutMs / 1000} s`));
  }, connectTimeoutMs);
  const done = () => clearTimeout(timer);
  request.once('socket', (socket) => {
    if (!socket.connecting) done();
    else socket.once('secureConnect', done).once('connect', done);
  });
  request.once('close', done);
}

/**
 * Forwards `/api/kubernetes/*` to the API server. Nothing is buffered, so that watches and logs
 * arrive as they happen; when one side goes away, so does the other.
 */
export function kubernetesProxy(app: FastifyInstance, target: KubernetesTarget): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.all(`${kubernetesPrefix}/*`, async (request, reply) => {
    const path = kubernetesPath(request.raw.url ?? '');
    if (path === undefined)
      return reply
        .code(400)
        .send(consoleStatus(400, 'BadRequest', 'The path must not hold "." or ".." segments.'));

    return passOn(request, reply, target, path);
  });
}

/** Sends the request to `path` of the API server, with the kubeconfig's identity, and streams the answer. */
export async function passOn(
  request: FastifyRequest,
  reply: FastifyReply,
  target: KubernetesTarget,
  path: string,
): Promise<FastifyReply> {
  let upstream: http.ClientRequest;
  try {
    upstream = await target.request(request.method, path, forwardedHeaders(request.headers));
  } catch (error) {
    return reply
      .code(502)
      .send(consoleStatus(502, 'CredentialsUnavailable', explainCredentials(error)));
  }
  reply.hijack();
  stream(request.raw, reply.raw, upstream, target);
  return reply;
}

function stream(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  upstream: http.ClientRequest,
  target: KubernetesTarget,
): void {
  limitConnectTime(upstream);
  response.on('close', () => upstream.destroy());
  upstream.on('error', (error) => {
    if (response.destroyed) return;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const message = explainUnreachable(target, error);
    response.writeHead(503, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(consoleStatus(503, 'ServiceUnavailable', message)));
  });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, returnedHeaders(answer.headers));
    response.flushHeaders();
    // A break on either side is passed on by destroying the other: the browser then sees an
    // incomplete answer as what it is.
    pipeline(answer, response, (error) => {
      if (error) response.destroy();
    });
  });
  request.pipe(upstream);
}
