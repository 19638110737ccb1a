import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { createInterface } from 'node:readline';
import { createSecureContext } from 'node:tls';

import { ApiError, type Status } from '../apiserver/ApiError.ts';
import { deepFreeze, fieldAt, isObject } from '../apiserver/json.ts';
import { deliverInTurn } from './deliverInTurn.ts';
import type {
  KubeClient,
  KubeObject,
  ListOptions,
  ObjectKey,
  ResourceRef,
  WatchEvent,
} from './KubeClient.ts';

/** Objects per page of a list. */
const pageSize = 500;

export interface HttpsClientOptions {
  /** `https://host:port` of a Kubernetes API server. */
  readonly url: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly certificateAuthority: string;
  /** Who the client is: a bearer token, or a certificate and its key in PEM. */
  readonly identity: { readonly token: string } | { readonly cert: string; readonly key: string };
}

export interface HttpsClient extends KubeClient {
  /** Ends all watches and closes the connections. */
  close(): void;
}

/** A KubeClient that speaks to an API server over HTTPS, with no rights but those of its identity. */
export function httpsClient(options: HttpsClientOptions): HttpsClient {
  const connection = new Connection(options);
  const send = async <T>(method: string, path: string, body?: unknown, type?: string) =>
    (await connection.json(method, path, body, type)) as T;
  return {
    get: (ref, key) => send('GET', pathOf(ref, key)),
    list: (ref, scope = {}) => list(connection, ref, scope),
    create: (ref, object, { dryRun = false } = {}) => {
      const { namespace } = object.metadata;
      return send('POST', pathOf(ref, { namespace }) + (dryRun ? '?dryRun=All' : ''), object);
    },
    update: (ref, object) => send('PUT', pathOf(ref, object.metadata), object),
    updateStatus: (ref, object) => send('PUT', pathOf(ref, object.metadata, 'status'), object),
    patch: (ref, key, patch, { subresource } = {}) => {
      const path = pathOf(ref, key, subresource);
      return patch.type === 'json'
        ? send('PATCH', path, patch.operations, 'application/json-patch+json')
        : send('PATCH', path, patch.body, 'application/merge-patch+json');
    },
    delete: async (ref, key, how = {}) => {
      await send('DELETE', pathOf(ref, key), { apiVersion: 'v1', kind: 'DeleteOptions', ...how });
    },
    watch: (ref, scope, onEvent, onEnd) => watch(connection, ref, scope, onEvent, onEnd),
    close: () => connection.close(),
  };
}

type Exchange = Pick<RequestOptions, 'method' | 'path' | 'signal'> & {
  headers?: Record<string, string | number>;
};

/** Keeps sockets open between requests, and knows the watches that run. */
class Connection {
  private readonly agent: Agent;
  private readonly authorization: Record<string, string>;
  private readonly watches = new AbortController();

  constructor(private readonly options: HttpsClientOptions) {
    const { identity, certificateAuthority: ca } = options;
    const tls = 'cert' in identity ? { cert: identity.cert, key: identity.key } : {};
    // Made once: each watch has a connection of its own.
    const secureContext = createSecureContext({ ca, ...tls });
    this.agent = new Agent({ keepAlive: true, secureContext });
    this.authorization = 'token' in identity ? { authorization: `Bearer ${identity.token}` } : {};
  }

  /** The JSON of the answer; rejects with an ApiError when the server says no. */
  async json(method: string, path: string, body?: unknown, type = 'application/json') {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    // Node leaves out the length of a DELETE's body by itself.
    const headers =
      payload === undefined
        ? {}
        : { 'content-type': type, 'content-length': Buffer.byteLength(payload) };
    const response = await this.open({ method, path, headers }, payload);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const code = response.statusCode ?? 0;
    if (code >= 300) throw errorOf(code, text);
    return deepFreeze<unknown>(text === '' ? undefined : JSON.parse(text));
  }

  /** Opens a watch; the response is destroyed by `signal` and by `close`. */
  stream(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return this.open({
      method: 'GET',
      path,
      signal: AbortSignal.any([signal, this.watches.signal]),
    });
  }

  close(): void {
    this.watches.abort();
    this.agent.destroy();
  }

  private open(options: Exchange, payload?: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { url } = this.options;
      const headers = { accept: 'application/json', ...this.authorization, ...options.headers };
      const sent = request(url, { ...options, headers, agent: this.agent }, resolve);
      sent.on('error', reject);
      sent.end(payload);
    });
  }
}

async function list<T extends KubeObject>(
  connection: Connection,
  ref: ResourceRef<T>,
  scope: ListOptions,
): Promise<{ resourceVersion: string; items: T[] }> {
  const items: T[] = [];
  const query = queryOf(scope);
  query.set('limit', String(pageSize));
  for (;;) {
    const page = await connection.json('GET', `${pathOf(ref, scope)}?${query.toString()}`);
    // Objects in a list do not say their kind.
    const typed = { apiVersion: apiVersion(ref), kind: ref.kind };
    const found = fieldAt(page, ['items']);
    for (const item of Array.isArray(found) ? found : []) items.push({ ...typed, ...item } as T);
    const more = fieldAt(page, ['metadata', 'continue']);
    if (typeof more !== 'string' || more === '') {
      return { resourceVersion: String(fieldAt(page, ['metadata', 'resourceVersion'])), items };
    }
    query.set('continue', more);
  }
}

function watch<T extends KubeObject>(
  connection: Connection,
  ref: ResourceRef<T>,
  scope: ListOptions & { resourceVersion: string },
  onEvent: (event: WatchEvent<T>) => void,
  onEnd: (error?: Error) => void,
): () => void {
  const stop = new AbortController();
  const query = queryOf(scope);
  query.set('watch', 'true');
  query.set('resourceVersion', scope.resourceVersion);
  const queue = deliverInTurn<WatchEvent<T>>(onEvent);
  follow(connection, `${pathOf(ref, scope)}?${query.toString()}`, stop.signal, (event) => {
    queue.push(event as WatchEvent<T>);
  }).then(
    () => end(),
    (error: unknown) => end(error instanceof Error ? error : new Error(String(error))),
  );
  // Events that came before the end are told before it.
  const end = (error?: Error) => setImmediate(() => stop.signal.aborted || onEnd(error));
  return () => {
    queue.close();
    stop.abort();
  };
}

/** Resolves when the server ends the watch; rejects when it breaks or the server says why it ends. */
async function follow(
  connection: Connection,
  path: string,
  signal: AbortSignal,
  onEvent: (event: object) => void,
): Promise<void> {
  const response = await connection.stream(path, signal);
  if (response.statusCode !== 200) {
    let text = '';
    for await (const chunk of response) text += String(chunk);
    throw errorOf(response.statusCode ?? 0, text);
  }
  for await (const line of createInterface({ input: response })) {
    const event: unknown = JSON.parse(line);
    if (!isObject(event) || event['type'] === 'BOOKMARK') continue;
    if (event['type'] === 'ERROR') throw errorOf(0, JSON.stringify(event['object']));
    onEvent(deepFreeze(event));
  }
}

/** The server's Status, or its text when it sent none. */
function errorOf(code: number, text: string): ApiError {
  try {
    const status = JSON.parse(text) as Partial<Status>;
    if (status.kind === 'Status') {
      const { reason = '', message = '', details } = status;
      return new ApiError(status.code ?? code, reason, message, details);
    }
  } catch {
    // Not JSON: the text itself is the message.
  }
  return new ApiError(code, '', text);
}

const apiVersion = ({ group, version }: ResourceRef) =>
  group === '' ? version : `${group}/${version}`;

/** The path of an object, or of its collection without a name. */
function pathOf(ref: ResourceRef, key: Partial<ObjectKey>, subresource?: string): string {
  const { namespace, name } = key;
  const segments = [
    ...(ref.namespaced && namespace !== undefined ? ['namespaces', namespace] : []),
    ref.plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  const root = ref.group === '' ? '/api' : '/apis';
  return `${root}/${apiVersion(ref)}/${segments.map(encodeURIComponent).join('/')}`;
}

function queryOf({ labelSelector, fieldSelector }: ListOptions): URLSearchParams {
  return new URLSearchParams({
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  });
}
