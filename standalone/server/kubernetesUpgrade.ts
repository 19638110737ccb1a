import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { consoleStatus } from './consoleStatus.ts';
import {
  explainCredentials,
  explainUnreachable,
  forwardedHeaders,
  kubernetesPath,
  limitConnectTime,
  returnedHeaders,
} from './kubernetesProxy.ts';
import type { KubernetesTarget } from './KubernetesTarget.ts';

/** Writes a plain HTTP answer on a socket that asked for an upgrade, and ends it. */
export function refuseUpgrade(socket: Duplex, code: number, reason: string, message: string): void {
  const body = JSON.stringify(consoleStatus(code, reason, message));
  writeHead(socket, code, reason, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  socket.end(body);
}

/**
 * The one sub-protocol that goes on to the API server: the last offered, as with the OpenShift
 * console's proxy. A bearer token in the list would be a credential that is not ours to pass.
 */
export function forwardedProtocol(header: string | undefined): string | undefined {
  return (header ?? '')
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol && !protocol.startsWith('base64url.bearer.authorization.'))
    .at(-1);
}

/**
 * Joins a WebSocket of the browser with one of the API server, byte for byte: frames are not
 * looked at, and a slow side holds the other back. A refusal by the API server is passed on.
 */
export async function kubernetesUpgrade(
  target: KubernetesTarget,
  request: http.IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  // A reset by the browser is an ordinary end; the close listeners below tidy up.
  socket.on('error', () => socket.destroy());
  const path = kubernetesPath(request.url ?? '');
  if (path === undefined) {
    refuseUpgrade(socket, 400, 'BadRequest', 'The path must not hold "." or "..".');
    return;
  }

  const headers = forwardedHeaders(request.headers);
  delete headers['sec-websocket-protocol'];
  const protocol = forwardedProtocol(request.headers['sec-websocket-protocol']);
  if (protocol !== undefined) headers['sec-websocket-protocol'] = protocol;

  let upstream: http.ClientRequest;
  try {
    upstream = await target.request('GET', path, {
      ...headers,
      connection: 'Upgrade',
      upgrade: 'websocket',
    });
  } catch (error) {
    refuseUpgrade(socket, 502, 'CredentialsUnavailable', explainCredentials(error));
    return;
  }
  if (socket.destroyed) {
    upstream.destroy();
    return;
  }
  limitConnectTime(upstream);
  const abandon = () => upstream.destroy();
  socket.once('close', abandon);

  upstream.on('error', (error) => {
    if (!socket.destroyed)
      refuseUpgrade(socket, 503, 'ServiceUnavailable', explainUnreachable(target, error));
  });
  upstream.on('response', (answer) => {
    const status = answer.statusCode ?? 502;
    writeHead(socket, status, answer.statusMessage ?? '', {
      ...returnedHeaders(answer.headers),
      connection: 'close',
    });
    answer.pipe(socket);
  });
  upstream.on('upgrade', (answer, upstreamSocket, upstreamHead) => {
    socket.off('close', abandon);
    writeHead(socket, 101, 'Switching Protocols', {
      ...returnedHeaders(answer.headers),
      connection: 'Upgrade',
      upgrade: 'websocket',
    });
    join(socket, upstreamSocket, head, upstreamHead);
  });
  upstream.end();
}

function join(browser: Duplex, server: Duplex, fromBrowser: Buffer, fromServer: Buffer): void {
  if (fromServer.length > 0) browser.write(fromServer);
  if (fromBrowser.length > 0) server.write(fromBrowser);
  server.on('error', () => browser.destroy());
  browser.once('close', () => server.destroy());
  server.once('close', () => browser.destroy());
  browser.pipe(server);
  server.pipe(browser);
}

function writeHead(
  socket: Duplex,
  code: number,
  reason: string,
  headers: http.OutgoingHttpHeaders,
): void {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined)
      .map((one) => `${name}: ${one}\r\n`),
  );
  socket.write(`HTTP/1.1 ${code} ${reason}\r\n${lines.join('')}\r\n`);
}
