import { readFile } from 'node:fs/promises';

import type { DomainSpec } from './GuestRuntime.ts';
import type { BalloonStatistics, DiskStatistics, GuestStatistics } from './GuestStatistics.ts';
import type { Qmp } from './Qmp.ts';

/** USER_HZ, which is 100 on every Linux that Debian builds. */
const ticksPerSecond = 100;
const pageBytes = 4096;
const nanosecond = 1e-9;
/** How often QEMU asks the guest's balloon driver, in seconds. */
const balloonPollSeconds = 10;

/** Counts what a guest uses: by its monitor, and by what the kernel knows of its process. */
export class QemuStatistics {
  readonly #qmp: Qmp;
  #asksBalloon = false;

  constructor(qmp: Qmp) {
    this.#qmp = qmp;
  }

  /**
   * Undefined when the guest has no process any more. Rejects when the monitor is gone; what the process
   * does not tell any more is absent.
   */
  async read(pid: number | undefined, spec: DomainSpec): Promise<GuestStatistics | undefined> {
    if (pid === undefined) return undefined;
    const [cpu, residentBytes, vcpus, disks, balloon, dirtyRate] = await Promise.all([
      cpuOf(`/proc/${pid}/stat`),
      residentOf(pid),
      this.#vcpus(pid),
      this.#disks(),
      spec.balloon === false ? undefined : this.#balloon(),
      this.#dirtyRate(),
    ]);
    const affinity = await affinityOf(pid);
    return {
      ...(cpu && { cpu }),
      vcpus,
      ...(affinity !== undefined && { affinity: affinity * vcpus.length }),
      ...(residentBytes !== undefined && { residentBytes }),
      domainBytes: spec.memoryBytes,
      ...(dirtyRate !== undefined && { dirtyRate }),
      ...(balloon && { balloon }),
      disks,
    };
  }

  async #vcpus(pid: number): Promise<GuestStatistics['vcpus']> {
    const cpus = (await this.#qmp.execute('query-cpus-fast')) as {
      'cpu-index': number;
      'thread-id': number;
    }[];
    const found = await Promise.all(
      cpus.map(async ({ 'cpu-index': id, 'thread-id': thread }) => {
        const folder = `/proc/${pid}/task/${thread}`;
        const [cpu, scheduling, details] = await Promise.all([
          cpuOf(`${folder}/stat`),
          readIfThere(`${folder}/schedstat`),
          readIfThere(`${folder}/sched`),
        ]);
        if (!cpu) return [];
        const waited = scheduling?.split(' ')[1];
        const delaySeconds = waited === undefined ? undefined : Number(waited) * nanosecond;
        const seconds = cpu.userSeconds + cpu.systemSeconds;
        return [{ id, seconds, delaySeconds, waitSeconds: waitOf(details) }];
      }),
    );
    return found.flat();
  }

  async #disks(): Promise<DiskStatistics[]> {
    const devices = (await this.#qmp.execute('query-blockstats')) as {
      qdev?: string;
      stats: Record<string, number>;
    }[];
    return devices.flatMap(({ qdev = '', stats }) => {
      const name = /\/ua-([^/]+)/.exec(qdev)?.[1];
      if (name === undefined) return [];
      const of = (counter: string) => stats[counter] ?? 0;
      return [
        {
          name,
          reads: of('rd_operations'),
          writes: of('wr_operations'),
          flushes: of('flush_operations'),
          readBytes: of('rd_bytes'),
          writtenBytes: of('wr_bytes'),
          readSeconds: of('rd_total_time_ns') * nanosecond,
          writeSeconds: of('wr_total_time_ns') * nanosecond,
          flushSeconds: of('flush_total_time_ns') * nanosecond,
        },
      ];
    });
  }

  /**
   * What the last measure has found; begins the next, which takes a second. QEMU looks at a sample of the pages.
   */
  async #dirtyRate(): Promise<number | undefined> {
    try {
      const found = (await this.#qmp.execute('query-dirty-rate')) as {
        status: 'unstarted' | 'measuring' | 'measured';
        'dirty-rate'?: number;
      };
      if (found.status !== 'measuring') {
        await this.#qmp.execute('calc-dirty-rate', { 'calc-time': 1 });
      }
      const rate = found['dirty-rate'];
      return found.status === 'measured' && rate !== undefined ? rate * 2 ** 20 : undefined;
    } catch {
      // It has none in this state, or not this command.
      return undefined;
    }
  }

  async #balloon(): Promise<BalloonStatistics> {
    const path = '/machine/peripheral/balloon0';
    if (!this.#asksBalloon) {
      const property = 'guest-stats-polling-interval';
      await this.#qmp.execute('qom-set', { path, property, value: balloonPollSeconds });
      this.#asksBalloon = true;
    }
    const [{ actual }, answer] = (await Promise.all([
      this.#qmp.execute('query-balloon'),
      this.#qmp.execute('qom-get', { path, property: 'guest-stats' }),
    ])) as [{ actual: number }, { stats: Record<string, number>; 'last-update': number }];
    const told = answer['last-update'] > 0;
    // What the driver does not know it tells as -1, unsigned.
    const of = (name: string) => {
      const value = answer.stats[`stat-${name}`];
      return told && value !== undefined && value >= 0 && value < 2 ** 63 ? value : undefined;
    };
    return {
      actualBytes: actual,
      availableBytes: of('total-memory'),
      unusedBytes: of('free-memory'),
      usableBytes: of('available-memory'),
      cachedBytes: of('disk-caches'),
      majorFaults: of('major-faults'),
      minorFaults: of('minor-faults'),
      swapInBytes: of('swap-in'),
      swapOutBytes: of('swap-out'),
    };
  }
}

/** Where libvirt finds it too, in milliseconds (src/qemu/qemu_driver.c, qemuGetSchedInfo). */
function waitOf(details: string | undefined): number | undefined {
  const text = /^(?:se\.statistics\.)?wait_sum\s*:\s*([\d.]+)$/m.exec(details ?? '')?.[1];
  return text === undefined ? undefined : Number(text) / 1000;
}

async function cpuOf(file: string): Promise<GuestStatistics['cpu']> {
  const text = await readIfThere(file);
  // The name of the process, in parentheses, may hold anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  if (!fields) return undefined;
  const seconds = (place: number) => Number(fields[place] ?? 0) / ticksPerSecond;
  // proc(5): fields 14 and 15, of which two are before the parenthesis.
  return { userSeconds: seconds(11), systemSeconds: seconds(12) };
}

/** On how many CPUs the kernel may run it; its threads are not pinned one by one. */
async function affinityOf(pid: number): Promise<number | undefined> {
  const status = await readIfThere(`/proc/${pid}/status`);
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status ?? '')?.[1];
  return list?.split(',').reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

async function residentOf(pid: number): Promise<number | undefined> {
  const pages = (await readIfThere(`/proc/${pid}/statm`))?.split(' ')[1];
  return pages === undefined ? undefined : Number(pages) * pageBytes;
}

/** Undefined when the process or thread has ended. */
async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
