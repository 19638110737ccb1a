import type { ClusterProcess } from './ClusterProcess.ts';
import { type Figure, median, toSeconds } from './Figure.ts';
import { withLargeCluster } from './withLargeCluster.ts';

const pageSize = 500;
const runs = 5;
const machines = '/apis/kubevirt.io/v1/virtualmachines';

/** 10,000 virtual machines in pages of 500 over HTTPS. */
export function apiList(): Promise<Figure[]> {
  return withLargeCluster(async (cluster) => {
    const times: number[] = [];
    let bytes = 0;
    for (let run = 0; run < runs; run += 1) {
      const begin = performance.now();
      bytes = await listInPages(cluster);
      times.push(performance.now() - begin);
    }
    const took = median(times);
    return [
      { name: 'api-list-10k', value: toSeconds(took), unit: 's' },
      { name: 'api-list-10k-rate', value: Math.round(bytes / took / 1000), unit: 'MB/s' },
    ];
  });
}

/** Bytes of all pages. */
async function listInPages(cluster: ClusterProcess): Promise<number> {
  let bytes = 0;
  let more = '';
  do {
    const query = `limit=${pageSize}&continue=${encodeURIComponent(more)}`;
    const page = await cluster.send('GET', `${machines}?${query}`);
    bytes += Buffer.byteLength(page);
    // The metadata stand before the items; to decode these would be the client's work.
    more = /^[^[]*"continue":"([^"]*)"/.exec(page)?.[1] ?? '';
  } while (more !== '');
  return bytes;
}
