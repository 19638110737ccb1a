import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { configMap, configMapsPath } from './configMaps.ts';
import { ClusterProcess } from './ClusterProcess.ts';
import type { Figure } from './Figure.ts';
import { inParallel } from './inParallel.ts';

const watchers = 1000;
const namespaces = 50;
const writesPerSecond = 200;
const seconds = 10;

/**
 * The delay from sending a write to its event: 1,000 watchers over 50 namespaces, 20 of which see each
 * write. The client shares the machine, and reads all 4,000 events a second itself.
 */
export async function apiWatchFanout(): Promise<Figure[]> {
  const cluster = await ClusterProcess.start();
  try {
    const delays = await watchDelays(cluster);
    const at = (part: number) => Math.round(delays[Math.floor(delays.length * part)] ?? NaN);
    return [
      { name: 'api-watch-fanout-p50', value: at(0.5), unit: 'ms' },
      { name: 'api-watch-fanout-p99', value: at(0.99), unit: 'ms' },
    ];
  } finally {
    await cluster.dispose();
  }
}

/** Milliseconds of every delivery, sorted. */
async function watchDelays(cluster: ClusterProcess): Promise<number[]> {
  const names = Array.from({ length: namespaces }, (_, index) => `watched-${index}`);
  for (const name of names) {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await cluster.send('POST', '/api/v1/namespaces', namespace);
  }
  const delays: number[] = [];
  const open: IncomingMessage[] = [];
  await inParallel(watchers, 32, async (index) => {
    const path = `${configMapsPath(names[index % namespaces] ?? '')}?watch=true&resourceVersion=0`;
    const stream = await cluster.open('GET', path);
    open.push(stream);
    createInterface({ input: stream }).on('line', (line) => {
      const sentAt = /"sentAt":"([\d.]+)"/.exec(line)?.[1];
      if (sentAt !== undefined) delays.push(performance.now() - Number(sentAt));
    });
  });
  const total = writesPerSecond * seconds;
  const begin = performance.now();
  const sent: Promise<string>[] = [];
  for (let index = 0; index < total; index += 1) {
    await sleep(begin + (index * 1000) / writesPerSecond - performance.now());
    const path = configMapsPath(names[index % namespaces] ?? '');
    sent.push(cluster.send('POST', path, configMap(`w${index}`, performance.now())));
  }
  await Promise.all(sent);
  const expected = (total * watchers) / namespaces;
  for (let waited = 0; delays.length < expected && waited < 100; waited += 1) await sleep(100);
  if (delays.length < expected) throw new Error(`${delays.length} of ${expected} events came`);
  for (const stream of open) stream.destroy();
  return delays.sort((a, b) => a - b);
}
