import { execFile, spawn, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { adminToken, temporaryFolder } from './apiServerFixture.ts';

const run = promisify(execFile);

/** Debian 12 has kubectl 1.20, which does not know all that today's does. */
const version = spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' }).stdout;
export const kubectlMinor = Number(/v1\.(\d+)/.exec(version)?.[1]);

/** Writes a kubeconfig for a server with TLS; returns what runs kubectl with it. */
export async function kubectlFor(server: ApiServer) {
  const { url } = await server.listen({ port: 0 });
  const folder = await temporaryFolder();
  const kubeconfig = `${folder}/kubeconfig`;
  const authority = Buffer.from(server.certificateAuthority ?? '').toString('base64');
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      clusters: [
        { name: 'test', cluster: { server: url, 'certificate-authority-data': authority } },
      ],
      users: [{ name: 'test', user: { token: adminToken } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    }),
  );
  const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: folder };
  return {
    run: async (...args: string[]) => (await run('kubectl', args, { env })).stdout,
    spawn: (...args: string[]) =>
      spawn('kubectl', args, { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    write: async (object: object) => {
      const file = `${folder}/object.json`;
      await writeFile(file, JSON.stringify(object));
      return file;
    },
  };
}
