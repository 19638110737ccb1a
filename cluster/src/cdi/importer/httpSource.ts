import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';

import { dialErrorText } from './dialErrorText.ts';
import { ImportError } from './ImportError.ts';
import type { NetworkGuard } from './NetworkGuard.ts';

export interface HttpSource {
  url: string;
  method?: 'GET' | 'HEAD';
  /** Sent to the first host only, not to where it redirects. */
  headers?: Record<string, string>;
  /** PEM, besides the authorities that Node knows. */
  certificates?: string[];
  insecureSkipVerify?: boolean;
}

const longestRedirects = 10;
/** A server that says nothing for so long is taken for gone. */
const silenceMs = 60_000;

const unable = (why: string, cause?: unknown) =>
  new ImportError(`Unable to connect to http data source: ${why}`, { cause });

/**
 * Connects to an image on an HTTP server, along redirects. Resolves with the reply, whose body is still to
 * be read; rejects with an ImportError when the server refuses. `accept` says which statuses are good.
 */
export async function openHttp(
  source: HttpSource,
  guard: NetworkGuard,
  signal: AbortSignal,
  accept: (status: number) => boolean = (status) => status === 200,
): Promise<IncomingMessage> {
  let url = parse(source.url);
  const { host } = url;
  for (let hops = 0; hops <= longestRedirects; hops++) {
    const headers = url.host === host ? (source.headers ?? {}) : {};
    const reply = await send(url, { ...source, headers }, guard, signal);
    const status = reply.statusCode ?? 0;
    if (accept(status)) return reply;
    reply.resume();
    const { location } = reply.headers;
    if (status < 300 || status >= 400 || location === undefined) {
      const text = `${status} ${reply.statusMessage ?? ''}`.trim();
      throw unable(`expected status code 200, got ${status}. Status: ${text}`);
    }
    url = parse(new URL(location, url).href);
  }
  throw unable(`Get "${source.url}": stopped after ${longestRedirects} redirects`);
}

function parse(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw unable(`unable to parse endpoint "${text}"`, error);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw unable(`Get "${text}": unsupported protocol scheme "${url.protocol.slice(0, -1)}"`);
  }
  return url;
}

function send(
  url: URL,
  source: HttpSource,
  guard: NetworkGuard,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(hostname)) guard.check(hostname, port);
  const options: RequestOptions & { ca?: string[]; rejectUnauthorized?: boolean } = {
    method: source.method ?? 'GET',
    headers: { 'user-agent': 'virtdeck-importer', ...basicAuth(url), ...source.headers },
    lookup: guard.lookupFor(port),
    signal,
    timeout: silenceMs,
    agent: false,
    ...(source.certificates?.length && { ca: source.certificates }),
    ...(source.insecureSkipVerify && { rejectUnauthorized: false }),
  };
  return new Promise((resolve, reject) => {
    const request = (secure ? requestHttps : requestHttp)(url, options, resolve);
    request.once('timeout', () =>
      request.destroy(unable(`Get "${url.href}": no data for ${silenceMs / 1000} s`)),
    );
    request.once('error', (error) => {
      if (error instanceof ImportError) reject(error);
      else {
        const why = dialErrorText(error, `${hostname}:${port}`);
        reject(unable(`${source.method ?? 'GET'} "${url.href}": ${why}`, error));
      }
    });
    request.end();
  });
}

function basicAuth({ username, password }: URL): Record<string, string> {
  if (!username) return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}
