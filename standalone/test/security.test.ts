import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessKey, consoleFixture, type ConsoleFixture } from './consoleFixture.ts';
import { fakeApiServer, type FakeApiServer } from './fakeApiServer.ts';

let api: FakeApiServer;
let fixture: ConsoleFixture;

beforeAll(async () => {
  api = await fakeApiServer();
  fixture = await consoleFixture(api.url);
});
afterAll(async () => {
  await fixture.close();
  await api.close();
});

const echo = '/api/kubernetes/echo';
const json = (body: string) => JSON.parse(body) as Record<string, unknown>;

describe('the access key', () => {
  it('logs in with the right key and takes it out of the address', async () => {
    const answer = await fixture.ask(`/k8s/cluster/x?a=1&key=${accessKey}`);
    expect(answer.code).toBe(303);
    expect(answer.headers.location).toBe('/k8s/cluster/x?a=1');
    const cookie = String(answer.headers['set-cookie']?.[0]);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(cookie).not.toContain(accessKey);
  });

  it('never redirects to another site', async () => {
    const answer = await fixture.ask(`//evil.example/?key=${accessKey}`);
    expect(answer.headers.location ?? '/').toMatch(/^\/(?!\/)/);
  });

  it('refuses a wrong key with a page that says what to do', async () => {
    const answer = await fixture.ask('/?key=wrong');
    expect(answer.code).toBe(401);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.body).toContain('Open the address that virtdeck printed');
  });

  it.each([
    '/api/kubernetes/version',
    '/api/plugins/fixture/plugin-manifest.json',
    '/locales/resource.json?ns=plugin__fixture',
  ])('answers %s without the cookie by a Status', async (path) => {
    const answer = await fixture.ask(path);
    expect(answer.code).toBe(401);
    expect(json(answer.body)).toMatchObject({
      kind: 'Status',
      code: 401,
      reason: 'ConsoleSessionRequired',
    });
  });

  it('goes on from a link on another site without a redirect that would lose the cookie', async () => {
    const answer = await fixture.ask(`/?key=${accessKey}`, {
      headers: {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
    });
    expect(answer.code).toBe(200);
    expect(answer.body).toContain('http-equiv="refresh" content="0;url=/"');
  });
});

describe('requests from elsewhere', () => {
  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1:1',
    'localhost',
    '127.0.0.1.nip.io:80',
  ])('refuses the host %s', async (host) => {
    const answer = await fixture.ask(echo, { headers: { host, cookie: fixture.cookie } });
    expect(answer.code).toBe(421);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('serves the host %s with its port', async (name) => {
    const headers = { host: `${name}:${fixture.port}`, cookie: fixture.cookie };
    expect((await fixture.ask(echo, { headers })).code).toBe(200);
  });

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://127.0.0.1:1' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    // Another port of the same host counts as the same site.
    [{ 'sec-fetch-site': 'same-site' }],
  ])('refuses %o', async (headers) => {
    const answer = await fixture.ask(echo, { headers: { ...headers, cookie: fixture.cookie } });
    expect(answer.code).toBe(403);
    expect(json(answer.body)).toMatchObject({ kind: 'Status', reason: 'Forbidden' });
  });

  it('serves our own origin', async () => {
    const headers = {
      origin: `http://127.0.0.1:${fixture.port}`,
      'sec-fetch-site': 'same-origin',
      cookie: fixture.cookie,
    };
    expect((await fixture.ask(echo, { headers })).code).toBe(200);
  });
});

describe('the CSRF token', () => {
  const post = (headers: Record<string, string>) =>
    fixture.ask(echo, {
      method: 'POST',
      headers: { cookie: fixture.cookie, ...headers },
      body: '{}',
    });

  it('is needed on what changes something', async () => {
    expect((await post({})).code).toBe(403);
    expect((await post({ 'x-csrftoken': 'wrong' })).code).toBe(403);
    expect((await post({ 'x-csrftoken': 'the-token' })).code).toBe(200);
  });

  it('does not count when both are empty', async () => {
    const cookie = fixture.cookie.replace('csrf-token=the-token', 'csrf-token=');
    expect((await post({ cookie, 'x-csrftoken': '' })).code).toBe(403);
  });
});

describe('the page', () => {
  it('comes with an enforced policy, its nonce on every inline script, and a CSRF cookie', async () => {
    const session = fixture.cookie.split(';')[0] ?? '';
    const answer = await fixture.ask('/k8s/all-namespaces/a~b~C', { headers: { cookie: session } });
    expect(answer.code).toBe(200);
    const policy = String(answer.headers['content-security-policy']);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    const inline = [...answer.body.matchAll(/<script(?![^>]*src=)([^>]*)>/g)];
    expect(inline).toHaveLength(1);
    expect(inline[0]?.[1]).toContain(`nonce="${nonce}"`);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^csrf-token=.{40,}; SameSite=Strict; Path=\/$/,
    );
  });

  it('tells what is not implemented by its route', async () => {
    const answer = await fixture.ask('/api/alertmanager/api/v2/alerts', {
      headers: { cookie: fixture.cookie },
    });
    expect(answer.code).toBe(501);
    expect(json(answer.body)['message']).toContain('/api/alertmanager');
  });
});
