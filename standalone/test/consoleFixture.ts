import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConsoleServer, createConsoleServer } from '../server/createConsoleServer.ts';

export const accessKey = 'a-key-for-tests-only-0123456789';
export const pluginDir = join(dirname(fileURLToPath(import.meta.url)), 'fixture-plugin');

export interface Answer {
  code: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface ConsoleFixture {
  server: ConsoleServer;
  port: number;
  webDir: string;
  kubeconfig: string;
  /** Cookie header of a logged-in browser, the CSRF token included. */
  cookie: string;
  /** One request as it is, with nothing added but Host. */
  ask(path: string, options?: http.RequestOptions & { body?: string }): Promise<Answer>;
  close(): Promise<void>;
}

export function writeKubeconfig(file: string, server: string, token: string): void {
  writeFileSync(
    file,
    JSON.stringify({
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      clusters: [{ name: 'test', cluster: { server } }],
      users: [{ name: 'test', user: token ? { token } : {} }],
    }),
  );
}

/** A console on a free port before the given API server, with a shell of two small files. */
export async function consoleFixture(apiServer: string, token = ''): Promise<ConsoleFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'virtdeck-console-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeKubeconfig(kubeconfig, apiServer, token);
  writeFileSync(
    join(folder, 'entry-files.json'),
    JSON.stringify({ scripts: ['main.0123456789ab.js'], styles: [], preload: [] }),
  );
  writeFileSync(join(folder, 'main.0123456789ab.js'), `// ${'x'.repeat(5000)}`);
  const server = createConsoleServer({
    port: 0,
    pluginDir,
    pluginName: 'fixture',
    webDir: folder,
    kubeconfig,
    accessKey,
    about: { programVersion: '0.0.0' },
  });
  await server.listen();
  const port = Number(new URL(server.url).port);

  const ask: ConsoleFixture['ask'] = (path, { body, ...options } = {}) =>
    new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port, path, ...options }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ code: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  const login = await ask(`/?key=${accessKey}`);
  const session = String(login.headers['set-cookie']?.[0]).split(';')[0] ?? '';
  return {
    server,
    port,
    webDir: folder,
    kubeconfig,
    cookie: `${session}; csrf-token=the-token`,
    ask,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
