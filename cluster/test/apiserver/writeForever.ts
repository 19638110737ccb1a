import { createApiServer } from '../../src/apiserver/createApiServer.ts';
import { configMaps } from '../../src/client/resources.ts';

/** Creates ConfigMaps one after the other and prints each number once its write is acknowledged. */
async function writeForever(dataDir: string): Promise<void> {
  const server = await createApiServer({
    dataDir,
    plainHttp: true,
    authenticate: () => undefined,
  });
  for (let i = 1; ; i += 1) {
    await server.client.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `c${i}`, namespace: 'default' },
      data: { number: String(i) },
    });
    process.stdout.write(`${i}\n`);
  }
}

await writeForever(process.argv[2] ?? '');
