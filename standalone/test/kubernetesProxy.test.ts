import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { consoleFixture, type ConsoleFixture, writeKubeconfig } from './consoleFixture.ts';
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

const prefix = '/api/kubernetes';

function openStream(): Promise<{ request: http.ClientRequest; response: http.IncomingMessage }> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      {
        host: '127.0.0.1',
        port: fixture.port,
        path: `${prefix}/stream`,
        headers: { cookie: fixture.cookie },
      },
      (response) => resolve({ request, response }),
    );
    request.once('error', reject);
  });
}

const onlyStream = () =>
  vi.waitFor(() => {
    const [stream] = api.streams;
    if (!stream) throw new Error('the API server has no stream yet');
    return stream;
  });

describe('the way to the API server', () => {
  it("speaks with the kubeconfig's identity and passes nothing of the browser's", async () => {
    const answer = await fixture.ask(`${prefix}/echo?x=%2F&watch=true`, {
      method: 'PATCH',
      headers: {
        cookie: fixture.cookie,
        'x-csrftoken': 'the-token',
        origin: `http://127.0.0.1:${fixture.port}`,
        authorization: 'Bearer of-the-browser',
        'content-type': 'application/json-patch+json',
      },
      body: '[]',
    });
    const { method, headers, body } = JSON.parse(answer.body) as {
      method: string;
      headers: Record<string, string>;
      body: string;
    };
    expect({ method, body }).toEqual({ method: 'PATCH', body: '[]' });
    expect(headers).toMatchObject({
      authorization: 'Bearer the-users-token',
      'content-type': 'application/json-patch+json',
    });
    for (const name of ['cookie', 'origin', 'x-csrftoken'])
      expect(headers).not.toHaveProperty(name);
    expect(api.seen.at(-1)?.url).toBe('/echo?x=%2F&watch=true');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['content-security-policy']).toBe('sandbox;');
  });

  it('passes on large bodies of unknown length, also of DELETE', async () => {
    for (const method of ['POST', 'DELETE']) {
      const answer = await fixture.ask(`${prefix}/echo`, {
        method,
        headers: {
          cookie: fixture.cookie,
          'x-csrftoken': 'the-token',
          'transfer-encoding': 'chunked',
        },
        body: 'x'.repeat(3_000_000),
      });
      expect((JSON.parse(answer.body) as { body: string }).body).toHaveLength(3_000_000);
    }
  });

  it("passes on the API server's refusals", async () => {
    const answer = await fixture.ask(`${prefix}/nowhere`, { headers: { cookie: fixture.cookie } });
    expect(answer.code).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ message: 'no /nowhere here' });
  });

  it.each(['/../secrets', '/a/%2e%2E/b', '/a/..%2fb'])('refuses the path %s', async (path) => {
    const answer = await fixture.ask(prefix + path, { headers: { cookie: fixture.cookie } });
    expect(answer.code).toBe(400);
  });

  it('takes up a kubeconfig that has changed', async () => {
    const other = await consoleFixture('http://127.0.0.1:1', 'old');
    writeKubeconfig(other.kubeconfig, api.url, 'new');
    const answer = await other.ask(`${prefix}/echo`, { headers: { cookie: other.cookie } });
    await other.close();
    expect(answer.body).toContain('Bearer new');
  });

  it('says so when the API server is not there', async () => {
    const lost = await consoleFixture('http://127.0.0.1:1');
    const answer = await lost.ask(`${prefix}/version`, { headers: { cookie: lost.cookie } });
    await lost.close();
    expect(answer.code).toBe(503);
    const { kind, message } = JSON.parse(answer.body) as { kind: string; message: string };
    expect(kind).toBe('Status');
    expect(message).toContain('The Kubernetes API server http://127.0.0.1:1 cannot be reached');
  });
});

describe('a watch', () => {
  it('shows its head and every event at once', async () => {
    const { request, response } = await openStream();
    const stream = await onlyStream();
    for (const event of ['{"n":1}\n', '{"n":2}\n']) {
      const arrived = new Promise((resolve) => response.once('data', resolve));
      stream.write(event);
      expect(String(await arrived)).toBe(event);
    }
    request.destroy();
    await vi.waitFor(() => expect(api.streams.size).toBe(0));
  });

  it('breaks in the browser when it breaks at the API server', async () => {
    const { response } = await openStream();
    const broken = new Promise((resolve) => response.once('error', resolve));
    response.resume();
    (await onlyStream()).destroy();
    expect(await broken).toMatchObject({ code: 'ECONNRESET' });
  });
});
