import { consoleFetch } from '@openshift-console/dynamic-plugin-sdk';
import type { WatchTransport } from '~/k8s/WatchTransport';

declare global {
  interface Window {
    /** Configuration that the console writes into its page. */
    SERVER_FLAGS?: {
      basePath?: string;
      prometheusBaseURL?: string;
      prometheusTenancyBaseURL?: string;
    };
  }
}

/** Where the console lives on its origin; starts and ends with a slash. */
export function basePath(): string {
  return window.SERVER_FLAGS?.basePath ?? '/';
}

/** URL of an API server path (`/api...`, `/apis...`) through the console's proxy. */
export function kubernetesUrl(path: string): string {
  return `${basePath()}api/kubernetes${path}`;
}

/** The same for a WebSocket; absolute, as browsers older than 2024 require. */
export function webSocketUrl(path: string): string {
  const url = new URL(kubernetesUrl(path), window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

export type RequestOptions = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  /** Of a PATCH: the default is a JSON patch (RFC 6902). */
  contentType?: string;
  signal?: AbortSignal;
};

/**
 * One request to the API server with the user's identity. Gives the parsed answer, its text where it
 * is not JSON, and undefined where it is empty. Rejects with what `toFailure` understands.
 */
export async function kubernetesRequest(
  path: string,
  options: RequestOptions = {},
): Promise<unknown> {
  const response = await send(path, options, 'application/json');
  const text = await response.text();
  if (text === '') return undefined;
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return isJson ? JSON.parse(text) : text;
}

/** The answer as bytes, of a picture for example. Rejects with what `toFailure` understands. */
export async function kubernetesBlob(path: string, signal: AbortSignal): Promise<Blob> {
  return (await send(path, { signal }, '*/*')).blob();
}

/**
 * Follows an answer that has no end of its own, such as a log: `onText` gets what comes, in pieces
 * that may end within a line. Resolves when the server ends it.
 */
export async function kubernetesStream(
  path: string,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<void> {
  const { body } = await send(path, { signal }, '*/*');
  if (body === null) return;
  const reader = body.getReader();
  // Letters of several bytes may lie across two pieces.
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onText(decoder.decode(value, { stream: true }));
  }
}

function send(path: string, options: RequestOptions, accept: string): Promise<Response> {
  const { method = 'GET', body, signal } = options;
  const headers: Record<string, string> = { Accept: accept };
  if (body !== undefined) {
    const byMethod = method === 'PATCH' ? 'application/json-patch+json' : 'application/json';
    headers['Content-Type'] = options.contentType ?? byMethod;
  }
  return consoleFetch(kubernetesUrl(path), {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  });
}

/**
 * One question to Prometheus (`query`, `query_range`) through the console, with the user's identity.
 * Who asks about one project asks the endpoint that needs the right to that project alone; all
 * projects at once need the right to the whole monitoring (console pkg/server/server.go, the routes
 * `/api/prometheus` and `/api/prometheus-tenancy`). Gives the parsed answer; rejects with what
 * `toFailure` understands.
 */
export async function prometheusRequest(
  path: 'query' | 'query_range',
  parameters: Readonly<Record<string, string>>,
  { namespace, signal }: { namespace: string | undefined; signal: AbortSignal },
): Promise<unknown> {
  const { prometheusBaseURL, prometheusTenancyBaseURL } = window.SERVER_FLAGS ?? {};
  const base =
    namespace === undefined
      ? (prometheusBaseURL ?? `${basePath()}api/prometheus`)
      : (prometheusTenancyBaseURL ?? `${basePath()}api/prometheus-tenancy`);
  const query = new URLSearchParams(parameters);
  if (namespace !== undefined) query.set('namespace', namespace);
  const headers = { Accept: 'application/json' };
  const response = await consoleFetch(`${base}/api/v1/${path}?${query.toString()}`, {
    ...{ headers, signal },
  });
  return response.json();
}

/** How the watch store reaches the API server in a console. */
export const consoleTransport: WatchTransport = {
  fetchJson: (path, signal) => kubernetesRequest(path, { signal }),

  openSocket(path, handlers) {
    const socket = new WebSocket(webSocketUrl(path));
    socket.onopen = () => {
      handlers.opened();
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      handlers.message(String(event.data));
    };
    // An error is always followed by a close, and carries nothing that the close has not.
    socket.onclose = () => {
      handlers.closed();
    };
    return {
      close() {
        socket.onclose = null;
        socket.close();
      },
    };
  },
};
