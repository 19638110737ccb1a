import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { consoleFixture, type ConsoleFixture } from './consoleFixture.ts';
import { fakeApiServer, type FakeApiServer } from './fakeApiServer.ts';

let api: FakeApiServer;
let fixture: ConsoleFixture;

beforeAll(async () => {
  api = await fakeApiServer();
  fixture = await consoleFixture(api.url, 'the-users-token');
});
afterAll(async () => {
  await fixture.close();
  await api.close();
});

function open(path: string, headers: Record<string, string> = {}, protocols: string[] = []) {
  return new WebSocket(`ws://127.0.0.1:${fixture.port}/api/kubernetes${path}`, protocols, {
    headers: { cookie: fixture.cookie, ...headers },
  });
}

function refusal(socket: WebSocket): Promise<{ code: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => reject(new Error('the socket opened')));
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
        resolve({ code: response.statusCode ?? 0, body });
      });
    });
  });
}

describe('a WebSocket', () => {
  it('passes frames both ways, with the identity and the one sub-protocol', async () => {
    const socket = open('/vnc', { origin: `http://127.0.0.1:${fixture.port}` }, [
      'plain.kubevirt.io',
    ]);
    await once(socket, 'open');
    expect(socket.protocol).toBe('plain.kubevirt.io');
    const { headers } = api.seen.at(-1) ?? {};
    expect(headers).toMatchObject({ authorization: 'Bearer the-users-token' });
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('origin');

    const sent = Buffer.alloc(2_000_000, 7);
    socket.send(sent);
    const [received] = (await once(socket, 'message')) as [Buffer];
    expect(received.equals(sent)).toBe(true);
    socket.close(1000);
    await once(socket, 'close');
    await vi.waitFor(() => expect(api.sockets.size).toBe(0));
  });

  it('never passes a bearer token of the browser on', async () => {
    const socket = open('/watch', {}, [
      'base64url.bearer.authorization.k8s.io.c2VjcmV0',
      'v4.channel.k8s.io',
    ]);
    await once(socket, 'open');
    expect(api.seen.at(-1)?.headers['sec-websocket-protocol']).toBe('v4.channel.k8s.io');
    socket.terminate();
  });

  it('ends in the browser when the API server ends it', async () => {
    const socket = open('/watch');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    for (const one of api.sockets) one.close(4001, 'guest is off');
    const [code, reason] = (await closed) as [number, Buffer];
    expect([code, String(reason)]).toEqual([4001, 'guest is off']);
  });

  it('tells the Status by which the API server refuses it', async () => {
    expect(await refusal(open('/refused'))).toMatchObject({
      code: 409,
      body: { message: 'VMI is not running' },
    });
  });

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['a foreign host', { host: 'evil.example' }, 421],
    ['no cookie', { cookie: '' }, 401],
  ])('is refused with %s', async (_what, headers, code) => {
    expect(await refusal(open('/watch', headers))).toMatchObject({
      code,
      body: { kind: 'Status' },
    });
  });

  it('says so when the API server is not there', async () => {
    const lost = await consoleFixture('http://127.0.0.1:1');
    const socket = new WebSocket(`ws://127.0.0.1:${lost.port}/api/kubernetes/watch`, {
      headers: { cookie: lost.cookie },
    });
    const { code, body } = await refusal(socket);
    await lost.close();
    expect(code).toBe(503);
    expect(body['message']).toContain('cannot be reached');
  });

  it('does not outlive the console', async () => {
    const other = await consoleFixture(api.url);
    const socket = new WebSocket(`ws://127.0.0.1:${other.port}/api/kubernetes/watch`, {
      headers: { cookie: other.cookie },
    });
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await other.close();
    await closed;
    await vi.waitFor(() => expect(api.sockets.size).toBe(0));
  });
});
