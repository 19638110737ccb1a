import { ClusterProcess } from './ClusterProcess.ts';
import { inParallel } from './inParallel.ts';

/** Virtual machines, each with its instance and pod. */
export const machineCount = 10_000;

/** Projects of the virtual machines, `load-0` and so on. */
export const projects = 50;

/** Flags for a cluster of so many running virtual machines. */
export const largeClusterFlags = ['--runtime', 'simulated', '--seed-vms', String(machineCount)];

/** Gives `work` a cluster with 10,000 running virtual machines; with as many claims when asked for. */
export async function withLargeCluster<T>(
  work: (cluster: ClusterProcess) => Promise<T>,
  { claims = false } = {},
): Promise<T> {
  const cluster = await ClusterProcess.start('--seed-vms', String(machineCount));
  try {
    if (claims) await inParallel(machineCount, 32, (index) => createClaim(cluster, index));
    // Until the claims have their volumes.
    if (claims) await cluster.whenIdle(1000);
    return await work(cluster);
  } finally {
    await cluster.dispose();
  }
}

async function createClaim(cluster: ClusterProcess, index: number): Promise<void> {
  await cluster.send('POST', `/api/v1/namespaces/load-${index % projects}/persistentvolumeclaims`, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: `disk-${index}` },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
}
