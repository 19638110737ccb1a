import type { Socket } from 'node:net';

import type { Clock, Timer } from '../../client/Clock.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { guestCpus } from '../launcherResources.ts';
import type { Guest, GuestRuntime } from '../virt-launcher/GuestRuntime.ts';
import { connectInDirectory } from '../virt-launcher/connectInDirectory.ts';
import { answerMetrics } from '../virt-launcher/answerMetrics.ts';
import { guestFiles } from '../virt-launcher/qemuArguments.ts';
import { type DownwardMetric, writeVhostmd } from '../virt-launcher/vhostmd.ts';
import { hostMetrics } from './hostMetrics.ts';

interface Dependencies {
  node: string;
  runtime: Pick<GuestRuntime, 'version'>;
  /** The folder of a guest on any node. */
  folderOf(node: string, uid: string): string;
  clock: Clock;
  log: (message: string) => void;
}

/** DownwardmetricsRefreshDuration. */
const refreshMs = 5000;

/**
 * Tells guests that have a disk or a port for it how they and their host are getting on. KubeVirt:
 * pkg/downwardmetrics/scraper/scraper.go (01cf9d2).
 */
export class DownwardMetrics {
  readonly #is: Dependencies;
  readonly #timers = new Map<string, Timer>();
  readonly #ports = new Map<string, Socket>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Writes them and answers from now on, until the guest has ended or is forgotten. */
  follow(vmi: VirtualMachineInstance, guest: Guest): void {
    this.#write(vmi, guest);
    if (!guest.spec.downwardMetrics || guest.pid === undefined) return;
    this.#answer(vmi, guest).catch((error: unknown) => {
      this.#is.log(`downward metrics of ${vmi.metadata.name}: ${String(error)}`);
    });
  }

  async #answer(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    const { uid } = vmi.metadata;
    const folder = this.#is.folderOf(this.#is.node, uid);
    const socket = await connectInDirectory(folder, guestFiles.downwardMetrics);
    this.#ports.get(uid)?.destroy();
    this.#ports.set(uid, socket);
    answerMetrics(socket, () => this.#metrics(vmi, guest));
  }

  #write(vmi: VirtualMachineInstance, guest: Guest): void {
    const { uid } = vmi.metadata;
    const volume = vmi.spec.volumes?.find(({ downwardMetrics }) => downwardMetrics);
    // A simulated guest has no process, and reads nothing.
    if (!volume || guest.pid === undefined || this.#timers.has(uid)) return;
    const write = async () => {
      // Where it is after a migration, its spec says.
      const path = guest.spec.disks.find(({ name }) => name === volume.name)?.file?.path;
      try {
        const metrics = await this.#metrics(vmi, guest);
        if (path !== undefined && this.#timers.has(uid)) await writeVhostmd(path, metrics);
      } catch (error) {
        this.#is.log(`downward metrics of ${vmi.metadata.name}: ${String(error)}`);
      }
      if (this.#timers.has(uid) && guest.state !== 'ended') again(refreshMs);
    };
    const again = (ms: number) => {
      this.#timers.set(
        uid,
        this.#is.clock.setTimeout(() => void write(), ms),
      );
    };
    again(0);
  }

  async #metrics(vmi: VirtualMachineInstance, guest: Guest): Promise<DownwardMetric[]> {
    const { node, runtime, clock } = this.#is;
    const of = await guest.statistics();
    const seconds = of?.vcpus.reduce((sum, vcpu) => sum + vcpu.seconds, 0);
    const memory = Math.floor((of?.balloon?.actualBytes ?? of?.domainBytes ?? 0) / 1024);
    const host = (name: string, value: string): DownwardMetric => ({
      ...{ name, context: 'host', type: 'string', value },
    });
    const size = (name: string): DownwardMetric => ({
      ...{ name, context: 'vm', type: 'uint64', value: memory, unit: 'KiB' },
    });
    return [
      host('HostName', node),
      host('HostSystemInfo', 'linux'),
      host('VirtualizationVendor', 'kubevirt.io'),
      host('VirtProductInfo', runtime.version.replace('QEMU ', '')),
      {
        ...{ name: 'TotalCPUTime', context: 'vm', type: 'real64' },
        ...{ value: seconds ?? 0, unit: 's' },
      },
      {
        ...{ name: 'ResourceProcessorLimit', context: 'vm', type: 'uint64' },
        value: guestCpus(vmi.spec),
      },
      size('PhysicalMemoryAllocatedToVirtualSystem'),
      size('ResourceMemoryLimit'),
      ...(await hostMetrics(clock.now())),
    ];
  }

  forget(uid: string): void {
    const timer = this.#timers.get(uid);
    if (timer !== undefined) this.#is.clock.clearTimeout(timer);
    this.#timers.delete(uid);
    this.#ports.get(uid)?.destroy();
    this.#ports.delete(uid);
  }

  close(): void {
    for (const uid of [...this.#timers.keys(), ...this.#ports.keys()]) this.forget(uid);
  }
}
