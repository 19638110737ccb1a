import { type Figure, megabytes } from './Figure.ts';
import { withLargeCluster } from './withLargeCluster.ts';

/** So long at rest, the cluster has given back what its work has left behind. */
const idleMs = 6000;

/**
 * The cluster's memory with 10,000 virtual machines, their instances and pods, and 10,000 claims: the
 * resident set, and the part of it that is not the kernel's cache of the store's file.
 */
export function apiMemory(): Promise<Figure[]> {
  return withLargeCluster(
    async (cluster) => {
      await cluster.whenIdle(idleMs);
      const written = await cluster.memory();
      await cluster.stop();
      await cluster.start();
      await cluster.whenIdle(idleMs);
      const started = await cluster.memory();
      return [
        { name: 'api-memory', value: megabytes(started.resident), unit: 'MB', budget: 600 },
        { name: 'api-memory-own', value: megabytes(started.anonymous), unit: 'MB' },
        { name: 'api-memory-file', value: megabytes(started.file), unit: 'MB' },
        { name: 'api-memory-written', value: megabytes(written.resident), unit: 'MB', budget: 600 },
        { name: 'api-memory-written-own', value: megabytes(written.anonymous), unit: 'MB' },
        { name: 'api-memory-written-file', value: megabytes(written.file), unit: 'MB' },
      ];
    },
    { claims: true },
  );
}
