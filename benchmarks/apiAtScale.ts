import { ClusterProcess } from './ClusterProcess.ts';
import { type Figure, toSeconds } from './Figure.ts';

const count = 10_000;
const projects = 50;
const pageSize = 500;
const machines = '/apis/kubevirt.io/v1/virtualmachines';

/** What the API does with 10,000 running virtual machines and as many claims: over HTTPS. */
export async function apiAtScale(): Promise<Figure[]> {
  const cluster = await ClusterProcess.start('--seed-vms', String(count));
  try {
    await inParallel(count, 32, (index) => createClaim(cluster, index));
    const list = await listInPages(cluster);
    const memory = { name: 'api-memory', value: megabytes(await cluster.memory()), unit: 'MB' };
    await cluster.stop();
    const start = { name: 'api-start', value: toSeconds(await cluster.start()), unit: 's' };
    return [...list, memory, start];
  } finally {
    await cluster.dispose();
  }
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6);

async function createClaim(cluster: ClusterProcess, index: number): Promise<void> {
  await cluster.send('POST', `/api/v1/namespaces/load-${index % projects}/persistentvolumeclaims`, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: `disk-${index}` },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
}

async function listInPages(cluster: ClusterProcess): Promise<Figure[]> {
  const begin = performance.now();
  let bytes = 0;
  let more = '';
  do {
    const query = `limit=${pageSize}&continue=${encodeURIComponent(more)}`;
    const text = await cluster.send('GET', `${machines}?${query}`);
    bytes += Buffer.byteLength(text);
    more = (JSON.parse(text) as { metadata: { continue?: string } }).metadata.continue ?? '';
  } while (more !== '');
  const took = performance.now() - begin;
  return [
    { name: 'api-list-10k', value: toSeconds(took), unit: 's' },
    { name: 'api-list-10k-rate', value: Math.round(bytes / took / 1000), unit: 'MB/s' },
  ];
}

/** Calls `task(index)` for all indexes, so many at a time. */
export async function inParallel(
  total: number,
  concurrency: number,
  task: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < total) await task(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}
