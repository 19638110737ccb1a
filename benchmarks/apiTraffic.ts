import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { inParallel } from './apiAtScale.ts';
import { ClusterProcess } from './ClusterProcess.ts';
import type { Figure } from './Figure.ts';

const writes = 5000;
const watchers = 1000;
const namespaces = 50;
const writesPerSecond = 200;
const seconds = 10;

const maps = (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps`;
const map = (name: string, sentAt: number) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { sentAt: String(sentAt) },
});

/**
 * Durable creates by 32 clients at a time, and the delay from sending a write to its event: 1,000
 * watchers over 50 namespaces, 20 of which see each write.
 */
export async function apiTraffic(): Promise<Figure[]> {
  const cluster = await ClusterProcess.start();
  try {
    const begin = performance.now();
    await inParallel(writes, 32, async (index) => {
      await cluster.send('POST', maps('default'), map(`m${index}`, 0));
    });
    const perSecond = writes / ((performance.now() - begin) / 1000);
    const delays = await watchDelays(cluster);
    const p99 = delays[Math.floor(delays.length * 0.99)] ?? NaN;
    return [
      { name: 'api-write', value: Math.round(perSecond), unit: 'creates/s' },
      { name: 'api-watch-fanout-p99', value: Math.round(p99), unit: 'ms' },
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
    const path = `${maps(names[index % namespaces] ?? '')}?watch=true&resourceVersion=0`;
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
    const path = maps(names[index % namespaces] ?? '');
    sent.push(cluster.send('POST', path, map(`w${index}`, performance.now())));
  }
  await Promise.all(sent);
  const expected = (total * watchers) / namespaces;
  for (let waited = 0; delays.length < expected && waited < 100; waited += 1) await sleep(100);
  if (delays.length < expected) throw new Error(`${delays.length} of ${expected} events came`);
  for (const stream of open) stream.destroy();
  return delays.sort((a, b) => a - b);
}
