import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { MovedDisk } from './GuestRuntime.ts';
import type { QemuDisks } from './QemuDisks.ts';
import type { Qmp } from './Qmp.ts';

const pollMs = 100;
const jobPrefix = 'mirror-';
const nodePrefix = 'm-';

/** The fields of `query-jobs` that are read here (QEMU qapi/job.json); progress in bytes. */
interface Job {
  id: string;
  status: string;
  'current-progress': number;
  'total-progress': number;
  error?: string;
}

/**
 * Copies disks of a guest that runs to other files, and writes to both from then on, by QEMU's block mirror
 * (docs/interop/live-block-operations.rst, QEMU 7.2). What is under way is known from QEMU alone, so that a new
 * run of the program finds it.
 */
export class QemuMirrors {
  readonly #qmp: Qmp;
  readonly #disks: Pick<QemuDisks, 'topOf'>;

  constructor(qmp: Qmp, disks: Pick<QemuDisks, 'topOf'>) {
    this.#qmp = qmp;
    this.#disks = disks;
  }

  /** Begins to copy; what a former try left is given up. */
  async begin(disks: readonly MovedDisk[]): Promise<void> {
    await this.abandon();
    try {
      for (const { name, file } of disks) {
        await this.#qmp.execute('blockdev-add', {
          driver: file.format,
          'node-name': nodeOf(name),
          discard: 'unmap',
          'detect-zeroes': 'unmap',
          file: { driver: 'file', filename: file.path },
        });
        await this.#qmp.execute('blockdev-mirror', {
          'job-id': jobOf(name),
          device: await this.#disks.topOf(name),
          target: nodeOf(name),
          sync: 'full',
          'auto-dismiss': false,
          'on-source-error': 'report',
          'on-target-error': 'report',
        });
      }
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  async progress(): Promise<{ doneBytes: number; totalBytes: number; ready: boolean }> {
    const jobs = await this.#jobs();
    for (const job of jobs) refuseFailed(job);
    const sum = (field: 'current-progress' | 'total-progress') =>
      jobs.reduce((total, job) => total + job[field], 0);
    return {
      doneBytes: sum('current-progress'),
      totalBytes: sum('total-progress'),
      ready: jobs.every(({ status }) => status === 'ready'),
    };
  }

  /** Resolves once all disks are the same as their copies; rejects when one cannot be copied. */
  async ready(): Promise<void> {
    while (!(await this.progress()).ready) await sleep(pollMs);
  }

  /** Ends the copying while the guest stands still: the copies are whole, and closed, when it resolves. */
  async finish(): Promise<void> {
    for (const job of await this.#jobs()) {
      refuseFailed(job);
      await this.#end(job.id, false);
    }
    await this.#close();
  }

  /** Ends all copying; what was copied is worth nothing. */
  async abandon(): Promise<void> {
    for (const { id } of await this.#jobs()) await this.#end(id, true).catch(() => undefined);
    await this.#close();
  }

  async #end(id: string, force: boolean): Promise<void> {
    const find = async () => (await this.#jobs()).find((job) => job.id === id);
    if ((await find())?.status !== 'concluded')
      await this.#qmp.execute('block-job-cancel', { device: id, force });
    for (;;) {
      const job = await find();
      if (!job) return;
      if (job.status === 'concluded') {
        await this.#qmp.execute('job-dismiss', { id });
        if (!force) refuseFailed(job);
        return;
      }
      await sleep(pollMs);
    }
  }

  async #close(): Promise<void> {
    const nodes = (await this.#qmp.execute('query-named-block-nodes', { flat: true })) as {
      'node-name': string;
    }[];
    for (const { 'node-name': name } of nodes) {
      if (name.startsWith(nodePrefix))
        await this.#qmp.execute('blockdev-del', { 'node-name': name });
    }
  }

  async #jobs(): Promise<Job[]> {
    const jobs = (await this.#qmp.execute('query-jobs')) as Job[];
    return jobs.filter(({ id }) => id.startsWith(jobPrefix));
  }
}

function refuseFailed({ status, error }: Job): void {
  if (status === 'concluded' && error !== undefined)
    throw new Error(`a disk could not be copied: ${error}`);
}

const digest = (disk: string) => createHash('sha1').update(disk).digest('hex').slice(0, 20);
const nodeOf = (disk: string) => `${nodePrefix}${digest(disk)}`;
const jobOf = (disk: string) => `${jobPrefix}${digest(disk)}`;
