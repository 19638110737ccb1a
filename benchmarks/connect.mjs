import { Agent, request } from 'node:https';

import { KubeConfig } from '@kubernetes/client-node';

/** Requests that are under way at the same time. */
const CONCURRENCY = 32;

/** A client of one cluster: `send(method, path, body)` gives the status and the parsed answer. */
export async function connect(kubeconfig) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${kubeconfig} has no current cluster.`);
  const options = {};
  await config.applyToHTTPSOptions(options);
  // One pool of connections for all: a TLS handshake for each request would be what is measured.
  options.agent = new Agent({
    keepAlive: true,
    maxSockets: CONCURRENCY,
    ca: options.ca,
    cert: options.cert,
    key: options.key,
    rejectUnauthorized: options.rejectUnauthorized,
  });
  const send = (method, path, body, type = 'application/json') =>
    new Promise((done, fail) => {
      const sent = request(
        new URL(path, cluster.server),
        { ...options, method, headers: { ...options.headers, 'content-type': type } },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            done({ status: response.statusCode, body: text === '' ? undefined : JSON.parse(text) });
          });
          response.on('error', fail);
        },
      );
      sent.on('error', fail);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return { send, close: () => options.agent.destroy() };
}
