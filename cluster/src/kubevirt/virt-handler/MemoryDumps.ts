import { join } from 'node:path';

import type { Clock } from '../../client/Clock.ts';
import { timestamp } from '../../client/timestamp.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { dumpPhases } from '../virt-controller/memorydump/memoryDumpVolume.ts';
import type { Guest } from '../virt-launcher/GuestRuntime.ts';
import type { VolumeFolders } from '../virt-launcher/prepareDomain.ts';
import type { VmiStatus, VmiWriter } from './VmiWriter.ts';

interface Dependencies {
  volumes: VolumeFolders;
  writer: VmiWriter;
  clock: Clock;
}

type VolumeStatus = NonNullable<VmiStatus['volumeStatus']>[number];

/**
 * Writes the memory of a guest to the claims that came to it for that, each as a file, and tells how it ended
 * in `status.volumeStatus`. KubeVirt: pkg/virt-launcher/virtwrap/manager.go, MemoryDump (d923fdb).
 */
export class MemoryDumps {
  readonly #is: Dependencies;
  /** Under way: UID of the VMI and name of the volume. */
  readonly #running = new Set<string>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Begins what is to be done; it goes on in the background, for a dump takes its time. */
  async reconcile(vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
    for (const { name, memoryDump } of vmi.spec.volumes ?? []) {
      const status = vmi.status?.volumeStatus?.find((one) => one.name === name);
      const id = `${vmi.metadata.uid}/${name}`;
      if (!memoryDump || !status || this.#running.has(id)) continue;
      // One that a former run of the program began ended with it.
      const isDue = status.phase === 'AttachedToNode' || status.phase === dumpPhases.inProgress;
      if (!isDue) continue;
      this.#running.add(id);
      const now = this.#is.clock.now();
      const targetFileName = `${vmi.metadata.name}-${memoryDump.claimName}-${compact(now)}.memory.dump`;
      await this.#set(vmi, name, {
        phase: dumpPhases.inProgress,
        reason: dumpPhases.inProgress,
        message: `Memory dump Volume ${name} is attached, getting memory dump`,
        memoryDumpVolume: {
          claimName: memoryDump.claimName,
          startTimestamp: timestamp(now),
          targetFileName,
        },
      });
      void this.#dump(vmi, guest, { name, claim: memoryDump.claimName, targetFileName }).finally(
        () => this.#running.delete(id),
      );
    }
  }

  async #dump(
    vmi: VirtualMachineInstance,
    guest: Guest,
    { name, claim, targetFileName }: { name: string; claim: string; targetFileName: string },
  ): Promise<void> {
    let failure: string | undefined;
    try {
      const folder = await this.#is.volumes.folderOf(vmi.metadata.namespace ?? '', claim);
      await guest.memory.dump(join(folder, targetFileName));
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    const endTimestamp = timestamp(this.#is.clock.now());
    const phase = failure === undefined ? dumpPhases.completed : dumpPhases.failed;
    const done = `Memory dump to Volume ${name} has completed successfully`;
    await this.#set(vmi, name, {
      phase,
      reason: phase,
      message: failure ?? done,
      memoryDumpVolume: { claimName: claim, targetFileName, endTimestamp },
    });
  }

  async #set(
    { metadata }: VirtualMachineInstance,
    name: string,
    change: Partial<VolumeStatus>,
  ): Promise<void> {
    await this.#is.writer.status(metadata, ({ status }) => ({
      ...status,
      volumeStatus: (status?.volumeStatus ?? []).map((one) =>
        one.name === name
          ? {
              ...one,
              ...change,
              memoryDumpVolume: {
                claimName: name,
                ...one.memoryDumpVolume,
                ...change.memoryDumpVolume,
              },
            }
          : one,
      ),
    }));
  }
}

/** `20261130-070502`. */
function compact(now: number): string {
  return timestamp(now).replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
}
