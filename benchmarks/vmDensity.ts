import { setTimeout as sleep } from 'node:timers/promises';

import { virtualMachineInstances, virtualMachines } from '../cluster/src/kubevirt/resources.ts';
import { type Figure, megabytes } from './Figure.ts';
import { microVm, namespace } from './microVm.ts';
import { processorTime, residentMemory } from './processUse.ts';
import { until } from './withCluster.ts';
import { type Guests, hasBooted, withGuests } from './withGuests.ts';

const count = 20;
const settleMs = 10_000;
const measureMs = 20_000;
/** Each offers all CPUs of the machine: a tenth of a core for each guest fits on two also where it has only two. */
const nodes = 2;

/**
 * 20 micro guests (160 MiB each) that have booted and do nothing: the memory of their processes, and of one
 * processor what part each takes.
 */
export function vmDensity(): Promise<Figure[]> {
  return withGuests(measure, { nodes });
}

async function measure({ cluster, client }: Guests): Promise<Figure[]> {
  const pids: number[] = [];
  // One after the other: 20 that boot at once would only wait for each other.
  for (let index = 0; index < count; index += 1) {
    const name = `idle-${index}`;
    await client.create(virtualMachines, microVm(name));
    const vmi = await until(cluster, virtualMachineInstances, { namespace, name }, hasBooted);
    pids.push(cluster.guestOf(vmi)?.pid ?? 0);
  }
  await sleep(settleMs);
  const before = await sumOf(pids, processorTime);
  await sleep(measureMs);
  const worked = (await sumOf(pids, processorTime)) - before;
  const resident = await sumOf(pids, async (pid) => (await residentMemory(pid)).resident);
  const proportional = await sumOf(pids, async (pid) => (await residentMemory(pid)).proportional);
  const percent = (100 * worked) / measureMs / count;
  return [
    { name: 'vm-density-memory', value: megabytes(resident / count), unit: 'MB a guest' },
    {
      name: 'vm-density-memory-shared',
      value: megabytes(proportional / count),
      unit: 'MB a guest',
    },
    {
      name: 'vm-density-cpu',
      value: Math.round(percent * 100) / 100,
      unit: '% of a CPU a guest',
    },
  ];
}

async function sumOf(pids: readonly number[], of: (pid: number) => Promise<number>) {
  const values = await Promise.all(pids.map(of));
  return values.reduce((sum, value) => sum + value, 0);
}
