import { configMap, configMapsPath } from './configMaps.ts';
import { ClusterProcess } from './ClusterProcess.ts';
import type { Figure } from './Figure.ts';
import { inParallel } from './inParallel.ts';

const writes = 5000;
const clients = 32;

/** Durable creates by 32 clients at a time. */
export async function apiWrite(): Promise<Figure[]> {
  const cluster = await ClusterProcess.start();
  try {
    const begin = performance.now();
    await inParallel(writes, clients, async (index) => {
      await cluster.send('POST', configMapsPath('default'), configMap(`m${index}`, 0));
    });
    const perSecond = writes / ((performance.now() - begin) / 1000);
    return [{ name: 'api-write', value: Math.round(perSecond), unit: 'creates/s' }];
  } finally {
    await cluster.dispose();
  }
}
