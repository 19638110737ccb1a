import { type Figure, median, toSeconds } from './Figure.ts';
import { withLargeCluster } from './withLargeCluster.ts';

const runs = 3;

/**
 * A start with 10,000 virtual machines, their instances and pods, and 10,000 claims: until the API answers, the
 * processor time until then, and until the nodes have their guests again.
 */
export function apiStart(): Promise<Figure[]> {
  return withLargeCluster(
    async (cluster) => {
      const ready: number[] = [];
      const processor: number[] = [];
      const nodes: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        await cluster.stop();
        const begin = new Date();
        ready.push(await cluster.start());
        processor.push(await cluster.processorTime());
        await cluster.whenNodesReport(begin);
        nodes.push(Date.now() - begin.getTime());
      }
      return [
        { name: 'api-start', value: toSeconds(median(ready)), unit: 's', budget: 2 },
        { name: 'api-start-cpu', value: toSeconds(median(processor)), unit: 's', budget: 2 },
        { name: 'api-start-nodes', value: toSeconds(median(nodes)), unit: 's' },
      ];
    },
    { claims: true },
  );
}
