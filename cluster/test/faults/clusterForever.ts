import { createCluster } from '../../src/createCluster.ts';
import { staticTokens } from '../../src/apiserver/auth/staticTokens.ts';
import type { Draft, KubeObject, ResourceRef } from '../../src/client/KubeClient.ts';
import { ensure } from '../../src/client/ensure.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';

/**
 * A cluster with the given objects, for a test that kills it: pairs of a resource and an object, as JSON. Says
 * `ready` when it has them.
 */
const [dataDir = '', text = '[]'] = process.argv.slice(2);

const cluster = await createCluster({
  dataDir,
  nodes: 1,
  runtime: await QemuRuntime.create(),
  guestImages: [],
  authenticate: staticTokens(new Map()),
  log: () => undefined,
});
const client = cluster.api.clientFor({ username: 'admin', groups: ['system:masters'] });
const objects = JSON.parse(text) as [ResourceRef, Draft<KubeObject>][];
for (const [resource, object] of objects) await ensure(client, resource, object);
console.log('ready');
// Keeps the program alive until it is killed.
setInterval(() => undefined, 60_000);
