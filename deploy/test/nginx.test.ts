import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import packageJson from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const close: (() => unknown)[] = [];
let folder: string;
let port: number;

// The server as the image has it: its folder, its configuration, its command.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'virtdeck-nginx-'));
  close.push(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'tmp'));
  await mkdir(join(folder, 'serving-cert'));
  await symlink(join(root, 'dist'), join(folder, 'html'));
  writeCertificate('first');
  port = await freePort();
  const configuration = await readFile(join(root, 'deploy', 'nginx.conf'), 'utf8');
  await writeFile(
    join(folder, 'nginx.conf'),
    configuration
      .replace('listen 9443 ssl;', `listen 127.0.0.1:${port} ssl;`)
      .replace('listen [::]:9443 ssl;', ''),
  );
  // Started by root it would become another user, who may not read the folder.
  const directives = process.getuid?.() === 0 ? 'daemon off; user root;' : 'daemon off;';
  const server = spawn(
    'nginx',
    ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', directives],
    { stdio: ['ignore', 'inherit', 'inherit'], env: { PATH: `${process.env['PATH']}:/usr/sbin` } },
  );
  close.push(() => {
    server.kill('SIGTERM');
    return once(server, 'exit');
  });
  await vi.waitFor(() => get('/plugin-manifest.json'), { timeout: 30_000 });
});
afterAll(async () => {
  for (const step of close.reverse()) await step();
});

describe('the web server of the plugin', () => {
  it('serves the manifest, which is asked for each time', async () => {
    const { headers, body } = await get('/plugin-manifest.json');
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': expect.stringContaining('application/json'),
    });
    expect(JSON.parse(body)).toMatchObject({ name: packageJson.consolePlugin.name });
  });

  it('serves the entry script packed, to be kept for ever', async () => {
    const manifest = JSON.parse((await get('/plugin-manifest.json')).body) as {
      loadScripts: string[];
    };
    const { code, headers } = await get(`/${manifest.loadScripts[0] ?? ''}`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(code).toBe(200);
    expect(headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': expect.stringContaining('javascript'),
      'cache-control': expect.stringContaining('immutable'),
    });
  });

  it('serves the texts where the console looks for them', async () => {
    const { body } = await get(`/locales/de/plugin__${packageJson.consolePlugin.name}.json`);
    expect(JSON.parse(body)).toMatchObject({ Delete: 'Löschen' });
  });

  it.each(['/', '/locales/', '/absent.js', '/../nginx.conf', '/..%2fserving-cert/tls.key'])(
    'has nothing at %s',
    async (path) => {
      expect([400, 403, 404]).toContain((await get(path)).code);
    },
  );

  it('only reads', async () => {
    const { code } = await get('/plugin-manifest.json', { method: 'DELETE' });
    expect(code).toBe(403);
  });

  it('takes up a certificate that was renewed', async () => {
    writeCertificate('second');
    expect((await get('/plugin-manifest.json')).certificate).toBe('second');
  });
});

interface Answer {
  code: number | undefined;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
  /** The name in the server's certificate. */
  certificate: string | string[] | undefined;
}

function get(
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: NodeJS.Dict<string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = { host: '127.0.0.1', port, path, method, headers, agent: false };
    const asked = request({ ...url, rejectUnauthorized: false }, (response) => {
      const certificate = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode: code, headers } = response;
        resolve({ code, headers, certificate, body: Buffer.concat(parts).toString() });
      });
    });
    asked.once('error', reject);
    asked.end();
  });
}

function writeCertificate(name: string): void {
  const files = join(folder, 'serving-cert');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', '1', '-subj', `/CN=${name}`],
      ...['-keyout', join(files, 'tls.key'), '-out', join(files, 'tls.crt')],
    ],
    { stdio: 'ignore' },
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}
