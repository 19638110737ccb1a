import {
  type KubernetesObject,
  KubeConfig,
  makeInformer,
  CoreV1Api,
} from '@kubernetes/client-node';
import { expect, onTestFinished, test } from 'vitest';
import type { ApiServer } from '../../src/apiserver/createApiServer.ts';
import { configMaps } from '../../src/client/resources.ts';
import { adminToken, startServer, temporaryFolder } from './apiServerFixture.ts';

const map = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
});

/** An informer of the Kubernetes client, which is started again after an error, as its users do. */
async function startInformer(server: ApiServer, url: string) {
  const config = new KubeConfig();
  const caData = Buffer.from(server.certificateAuthority ?? '').toString('base64');
  config.loadFromClusterAndUser(
    { name: 'c', server: url, caData, skipTLSVerify: false },
    { name: 'u', token: adminToken },
  );
  const api = config.makeApiClient(CoreV1Api);
  const list = () => api.listNamespacedConfigMap({ namespace: 'default' });
  const informer = makeInformer(config, '/api/v1/namespaces/default/configmaps', list);
  let stopped = false;
  onTestFinished(() => {
    stopped = true;
    return informer.stop();
  });
  const again = () => {
    if (!stopped) setTimeout(() => void informer.start().catch(again), 50);
  };
  informer.on('error', again);
  await informer.start();
  const names = () => informer.list().map(({ metadata }: KubernetesObject) => metadata?.name);
  return { names: () => names().sort() };
}

test("the Kubernetes client's informer goes on after a restart that it slept through", async () => {
  const dataDir = await temporaryFolder();
  const first = await startServer({ dataDir, plainHttp: false });
  const { url, port } = await first.listen({ port: 0 });
  await first.client.create(configMaps, map('old'));
  const informer = await startInformer(first, url);
  await expect.poll(informer.names).toEqual(['old']);
  await first.close();
  const second = await startServer({ dataDir, plainHttp: false });
  await second.client.delete(configMaps, { namespace: 'default', name: 'old' });
  await second.client.create(configMaps, map('new'));
  await second.listen({ port });
  await expect.poll(informer.names, { timeout: 15_000 }).toEqual(['new']);
});

test("the Kubernetes client's informer loses nothing when its revision is compacted", async () => {
  const server = await startServer({ plainHttp: false, watchLogLimit: 5 });
  const { url } = await server.listen({ port: 0 });
  const informer = await startInformer(server, url);
  const names = Array.from({ length: 40 }, (_, index) => `m${String(index).padStart(2, '0')}`);
  for (const name of names) await server.client.create(configMaps, map(name));
  await expect.poll(informer.names, { timeout: 15_000 }).toEqual(names);
});
