import { readdir, readFile } from 'node:fs/promises';

import type { DownwardMetric } from '../virt-launcher/vhostmd.ts';

/** USER_HZ and the size of a page, which are so on every amd64 that Debian builds for. */
const ticksPerSecond = 100;
const pageKibibytes = 4;

/**
 * What guests are told of this machine by the kernel. KubeVirt: pkg/downwardmetrics/scraper/hostmetrics.go (09ffbce).
 * `now`: milliseconds.
 */
export async function hostMetrics(now: number): Promise<DownwardMetric[]> {
  const [packages, ticks, memory, paging] = await Promise.all([
    physicalCpus(),
    cpuTicks(),
    numbersOf('/proc/meminfo'),
    numbersOf('/proc/vmstat'),
  ]);
  const of = (name: string) => memory.get(name) ?? 0;
  const free = of('MemFree');
  const cached = of('Buffers') + of('Cached');
  const total = of('MemTotal');
  const swapped = of('SwapTotal') - of('SwapCached');
  const size = (name: string, value: number): DownwardMetric => ({
    ...{ name, context: 'host', type: 'uint64', value, unit: 'KiB' },
  });
  return [
    { name: 'NumberOfPhysicalCPUs', context: 'host', type: 'int64', value: packages },
    {
      ...{ name: 'TotalCPUTime', context: 'host', type: 'real64' },
      ...{ value: ticks / ticksPerSecond, unit: 's' },
    },
    size('FreePhysicalMemory', free),
    size('FreeVirtualMemory', free + of('SwapFree')),
    size('MemoryAllocatedToVirtualServers', total - free - cached),
    size('UsedVirtualMemory', total + swapped - free - cached),
    size('PagedInMemory', (paging.get('pswpin') ?? 0) * pageKibibytes),
    size('PagedOutMemory', (paging.get('pswpout') ?? 0) * pageKibibytes),
    { name: 'Time', context: 'host', type: 'int64', value: Math.floor(now / 1000), unit: 's' },
  ];
}

async function physicalCpus(): Promise<number> {
  const folder = '/sys/devices/system/cpu';
  const cpus = (await readdir(folder)).filter((name) => /^cpu\d+$/.test(name));
  const found = cpus.map((cpu) =>
    readFile(`${folder}/${cpu}/topology/physical_package_id`, 'utf8').catch(() => ''),
  );
  return new Set(await Promise.all(found)).size;
}

/** Of programs, of those that give way, and of the kernel. */
async function cpuTicks(): Promise<number> {
  const text = await readFile('/proc/stat', 'utf8');
  const [user = 0, nice = 0, system = 0] = text.split(/\s+/).slice(1, 4).map(Number);
  return user + nice + system;
}

async function numbersOf(file: string): Promise<ReadonlyMap<string, number>> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^(\w+):?\s+(\d+)/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(value)]];
    }),
  );
}
