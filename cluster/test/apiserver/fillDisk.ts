import { randomBytes } from 'node:crypto';

import { createApiServer } from '../../src/apiserver/createApiServer.ts';
import { ignoreCommitEchoes } from '../../src/apiserver/storage/ignoreCommitEchoes.ts';
import { configMaps } from '../../src/client/resources.ts';

/** Creates ConfigMaps until one is refused; prints what was acknowledged, the refusal, and a read. */
async function fillDisk(dataDir: string): Promise<void> {
  ignoreCommitEchoes();
  const server = await createApiServer({ dataDir, plainHttp: true, authenticate: () => undefined });
  const acknowledged: string[] = [];
  let refusal = '';
  for (let i = 1; refusal === '' && i < 500; i += 1) {
    const metadata = { name: `c${i}`, namespace: 'default' };
    const data = { text: randomBytes(75_000).toString('base64') };
    try {
      await server.client.create(configMaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        data,
      });
      acknowledged.push(metadata.name);
    } catch (error) {
      refusal = String(error);
    }
  }
  await new Promise((resolve) => setImmediate(resolve));
  const { items } = await server.client.list(configMaps, { namespace: 'default' });
  process.stdout.write(JSON.stringify({ acknowledged, refusal, read: items.length }), () => {
    process.exit(0);
  });
}

await fillDisk(process.argv[2] ?? '');
