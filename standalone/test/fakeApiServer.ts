import { once } from 'node:events';
import http from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

export interface FakeApiServer {
  url: string;
  /** Requests seen, in order. */
  seen: http.IncomingMessage[];
  /** WebSockets that are open. */
  sockets: Set<WebSocket>;
  /** Answers still open on /stream; write to them at will. */
  streams: Set<http.ServerResponse>;
  close(): Promise<void>;
}

const json = (response: http.ServerResponse, code: number, body: unknown) => {
  response.writeHead(code, { 'content-type': 'application/json', 'set-cookie': 'theirs=1' });
  response.end(JSON.stringify(body));
};

const list = (items: unknown[]) => ({ metadata: { resourceVersion: '7' }, items });
const named = (name: string, labels = {}) => ({ metadata: { name, labels, resourceVersion: '7' } });

/** The few answers of an API server that the shell asks for, and some that try the proxy. */
const answers: Readonly<Record<string, (projects: string[]) => unknown>> = {
  '/readyz': () => 'ok',
  '/version': () => ({ gitVersion: 'v1.34.1' }),
  '/api/v1/namespaces': (projects) => list(projects.map((name) => named(name))),
  '/api/v1/nodes': () =>
    list([
      named('node-1', { 'virtdeck.io/acceleration': 'tcg' }),
      named('node-2', { 'virtdeck.io/acceleration': 'kvm' }),
    ]),
  '/apis/kubevirt.io/v1': () => ({
    resources: [
      {
        name: 'virtualmachines',
        kind: 'VirtualMachine',
        namespaced: true,
        verbs: ['get', 'list', 'watch', 'create'],
      },
      { name: 'virtualmachines/status', kind: 'VirtualMachine', namespaced: true, verbs: ['get'] },
    ],
  }),
  '/apis/kubevirt.io/v1/kubevirts': () => list([{ status: { observedKubeVirtVersion: 'v1.9.0' } }]),
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': () => ({
    status: { userInfo: { username: 'ada@example.com', groups: ['system:authenticated'] } },
  }),
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': () => ({ status: { allowed: true } }),
};

/** A small API server on a free port of the loopback interface. */
export async function fakeApiServer(port = 0): Promise<FakeApiServer> {
  const projects = ['default', 'shop', 'team-blue', 'team-green'];
  const seen: http.IncomingMessage[] = [];
  const streams = new Set<http.ServerResponse>();
  const server = http.createServer((request, response) => {
    seen.push(request);
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path === '/stream') {
      streams.add(response);
      response.once('close', () => streams.delete(response));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      return;
    }
    void readBody(request).then((body) => {
      const { method, headers } = request;
      const answer = answers[path]?.(projects);
      if (path === '/echo') json(response, 200, { method, headers, body });
      else if (path === '/api/v1/namespaces' && method === 'POST')
        createProject(response, projects, body);
      else if (answer !== undefined) json(response, 200, answer);
      else json(response, 404, { kind: 'Status', code: 404, message: `no ${path} here` });
    });
  });
  const sockets = new Set<WebSocket>();
  const upgrades = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    seen.push(request);
    if ((request.url ?? '').startsWith('/refused')) {
      const body = JSON.stringify({ kind: 'Status', code: 409, message: 'VMI is not running' });
      socket.end(
        `HTTP/1.1 409 Conflict\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      return;
    }
    upgrades.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.add(webSocket);
      webSocket.once('close', () => sockets.delete(webSocket));
      webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    sockets,
    streams,
    async close() {
      for (const socket of sockets) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}

function createProject(response: http.ServerResponse, projects: string[], body: string): void {
  const { name } = (JSON.parse(body) as { metadata: { name: string } }).metadata;
  if (projects.includes(name)) {
    const message = `namespaces "${name}" already exists`;
    json(response, 409, { kind: 'Status', code: 409, reason: 'AlreadyExists', message });
    return;
  }
  projects.push(name);
  json(response, 201, named(name));
}
