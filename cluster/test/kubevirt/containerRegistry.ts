import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Draft } from '../../src/client/KubeClient.ts';
import type { Secret } from '../../src/client/resources.ts';
import { serve } from '../cdi/imageServer.ts';
import { temporaryFolder } from './clusterFixture.ts';

const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/**
 * A registry of one image, `os/micro:1.0`, for those who know the password, in which are these files, by their
 * paths in it. It is given away once `held` is over. Gives its host, and how often a layer was fetched.
 */
export async function containerRegistry(
  files: Readonly<Record<string, string>>,
  user: { name: string; password: string },
  held: Promise<void> = Promise.resolve(),
): Promise<{ host: string; fetched: () => number }> {
  const folder = await temporaryFolder();
  for (const [path, file] of Object.entries(files)) {
    const place = join(folder, 'image', path);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(file, place);
  }
  execFileSync('tar', ['-chf', join(folder, 'layer.tar'), '-C', join(folder, 'image'), '.']);
  const layer = readFileSync(join(folder, 'layer.tar'));
  const mediaType = 'application/vnd.oci.image.layer.v1.tar';
  const manifest = Buffer.from(JSON.stringify({ layers: [{ mediaType, digest: sha256(layer) }] }));
  const contents = new Map([
    ['/v2/os/micro/manifests/1.0', manifest],
    [`/v2/os/micro/blobs/${sha256(layer)}`, layer],
  ]);
  let fetched = 0;
  const known = `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
  const url = await serve(({ url: path = '', headers }, response) => {
    if (headers.authorization !== known) {
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    }
    const content = contents.get(path);
    if (content === layer) fetched += 1;
    void held.then(() => response.writeHead(content ? 200 : 404).end(content));
  });
  return { host: new URL(url).host, fetched: () => fetched };
}

/** The Secret `access` of the project `default` by which images of the registry are pulled. */
export function pullSecret(
  registry: string,
  user: { name: string; password: string },
): Draft<Secret> {
  const config = { auths: { [registry]: { username: user.name, password: user.password } } };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'access', namespace: 'default' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(JSON.stringify(config)).toString('base64') },
  };
}
