import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { generate } from 'selfsigned';
import { onTestFinished } from 'vitest';

/** An HTTP server for one test, on a free port of 127.0.0.1; gives its URL without a slash at the end. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An HTTPS server whose certificate ends at that time; gives its URL and the certificate. */
export async function serveTls(
  body: Buffer,
  notAfterDate: Date,
): Promise<{ url: string; cert: string }> {
  const made = await generate([{ name: 'commonName', value: 'images' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    notBeforeDate: new Date(notAfterDate.getTime() - 24 * 3_600_000),
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  const tls = { cert: made.cert, key: made.private };
  const server = createTlsServer(tls, (_request, response) => void response.end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/disk`, ...tls };
}
