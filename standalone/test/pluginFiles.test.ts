import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleFixture, type ConsoleFixture } from './consoleFixture.ts';

let fixture: ConsoleFixture;

beforeAll(async () => {
  fixture = await consoleFixture('http://127.0.0.1:1');
});
afterAll(() => fixture.close());

const get = (path: string, headers = {}) =>
  fixture.ask(path, { headers: { cookie: fixture.cookie, ...headers } });

describe('plugin files', () => {
  it('serves the manifest without any caching', async () => {
    const answer = await get('/api/plugins/fixture/plugin-manifest.json');
    expect(answer.code).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(JSON.parse(answer.body)).toMatchObject({ name: 'fixture' });
  });

  it('asks for files without a hash each time, by their ETag', async () => {
    const first = await get('/api/plugins/fixture/plugin-entry.js');
    expect(first.headers['cache-control']).toBe('no-cache');
    const again = await get('/api/plugins/fixture/plugin-entry.js', {
      'if-none-match': first.headers.etag,
    });
    expect(again).toMatchObject({ code: 304, body: '' });
  });

  it('keeps files with a hash for ever', async () => {
    const answer = await get('/main.0123456789ab.js');
    expect(answer.headers['cache-control']).toContain('immutable');
  });

  it('answers an unknown plugin by a Status', async () => {
    const answer = await get('/api/plugins/other/plugin-manifest.json');
    expect(answer.code).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', reason: 'NotFound' });
  });

  it('can only be read', async () => {
    const answer = await fixture.ask('/api/plugins/fixture/plugin-entry.js', {
      method: 'POST',
      headers: { cookie: fixture.cookie, 'x-csrftoken': 'the-token' },
    });
    expect(answer.code).toBe(405);
  });

  it.each([
    '/api/plugins/fixture/../consoleFixture.ts',
    '/api/plugins/fixture/%2e%2e/consoleFixture.ts',
    '/api/plugins/fixture/..%2fconsoleFixture.ts',
    '/api/plugins/fixture/locales/..%5c..%5cconsoleFixture.ts',
    '/api/plugins/fixture//etc/passwd',
    '/..%2fkubeconfig%00.js',
    '/%2e%2e/%2e%2e/etc/passwd',
  ])('does not leave its folder for %s', async (path) => {
    const answer = await get(path);
    expect(answer.body).not.toMatch(/accessKey|root:/);
    expect([200, 404]).toContain(answer.code);
    if (answer.code === 200) expect(answer.body).toContain('<div id="app">');
  });

  it('does not follow a link out of its folder', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'virtdeck-outside-'));
    writeFileSync(join(outside, 'secret.js'), 'secret');
    symlinkSync(join(outside, 'secret.js'), join(fixture.webDir, 'link.js'));
    const answer = await get('/link.js');
    rmSync(outside, { recursive: true });
    expect(answer.code).toBe(404);
  });
});

describe('compression', () => {
  it.each(['br', 'gzip'])('gives %s to who asks for it', async (encoding) => {
    const response = await fetch(`${fixture.server.url}/main.0123456789ab.js`, {
      headers: { cookie: fixture.cookie, 'accept-encoding': encoding },
    });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    // fetch has decompressed it
    expect(await response.text()).toHaveLength(5003);
  });

  it('leaves it to who refuses it', async () => {
    const answer = await get('/main.0123456789ab.js', { 'accept-encoding': 'br;q=0, gzip;q=0' });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.body).toHaveLength(5003);
  });
});

describe('texts', () => {
  it('come by language, with English for those that are missing', async () => {
    for (const language of ['en', 'de', 'pt-BR', '../../x']) {
      const answer = await get(
        `/locales/resource.json?lng=${encodeURIComponent(language)}&ns=plugin__fixture`,
      );
      expect(answer.code).toBe(200);
      expect(JSON.parse(answer.body)).toHaveProperty('Greeting');
    }
  });

  it('of unknown plugins are not there', async () => {
    expect((await get('/locales/resource.json?lng=en&ns=plugin__other')).code).toBe(404);
  });
});
